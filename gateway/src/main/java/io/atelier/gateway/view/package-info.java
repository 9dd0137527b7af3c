/** The read side: state that each gateway builds from the topics. May use the ports only; knows neither the API nor the lifecycle. */
@NullMarked
package io.atelier.gateway.view;

import org.jspecify.annotations.NullMarked;
