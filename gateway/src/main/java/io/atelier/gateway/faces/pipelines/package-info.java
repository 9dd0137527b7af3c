/** Runs pipelines that are written in Java: loads their jars, gives them threads, and sends their results. */
@NullMarked
package io.atelier.gateway.faces.pipelines;

import org.jspecify.annotations.NullMarked;
