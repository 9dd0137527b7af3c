/** An engine without a model, for tests and exercises: the same prompt and seed give the same card. */
@NullMarked
package io.atelier.generator.engine.testcard;

import org.jspecify.annotations.NullMarked;
