/** An engine without a model, for tests and drills: the same words, the same card. */
@NullMarked
package io.atelier.generator.engine.testcard;

import org.jspecify.annotations.NullMarked;
