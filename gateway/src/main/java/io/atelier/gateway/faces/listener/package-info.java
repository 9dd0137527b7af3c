/** The listeners of faces that have a port of their own. */
@NullMarked
package io.atelier.gateway.faces.listener;

import org.jspecify.annotations.NullMarked;
