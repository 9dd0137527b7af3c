/** Asks workers to unload models. */
@NullMarked
package io.atelier.gateway.api.models;

import org.jspecify.annotations.NullMarked;
