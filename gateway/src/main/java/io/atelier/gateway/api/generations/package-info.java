/** Shows, lists, cancels and erases generations. */
@NullMarked
package io.atelier.gateway.api.generations;

import org.jspecify.annotations.NullMarked;
