/** The model catalogue, and the availability of its models. */
@NullMarked
package io.atelier.gateway.view.models;

import org.jspecify.annotations.NullMarked;
