/** Normal noise from a seed, equal to that of PyTorch's CPU generator. */
@NullMarked
package io.atelier.generator.engine.pocket.noise;

import org.jspecify.annotations.NullMarked;
