/**
 * What a pipeline in Java implements, so that the gateway runs it at {@code POST /{name}/run}: {@link io.atelier.pipeline.Pipeline}, and the types of
 * its parameters and results. Needs nothing but the JDK.
 */
@NullMarked
package io.atelier.pipeline;

import org.jspecify.annotations.NullMarked;
