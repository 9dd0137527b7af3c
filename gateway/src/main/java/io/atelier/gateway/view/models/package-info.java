/** The model catalogue, and which models can be used now. */
@NullMarked
package io.atelier.gateway.view.models;

import org.jspecify.annotations.NullMarked;
