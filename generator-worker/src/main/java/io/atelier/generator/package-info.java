/** Takes generation tasks, has an engine draw, keeps the pictures and reports. */
@NullMarked
package io.atelier.generator;

import org.jspecify.annotations.NullMarked;
