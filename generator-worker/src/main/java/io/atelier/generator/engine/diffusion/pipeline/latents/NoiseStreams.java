package io.atelier.generator.engine.diffusion.pipeline.latents;

import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.diffusion.scheduler.NoiseSource;
import java.util.List;

/**
 * The random numbers of a run: a stream for each image, so that an image is the same alone and in a batch, or one stream for the whole batch. For
 * one thread.
 */
public final class NoiseStreams implements NoiseSource {

    private final List<TorchGenerator> generators;

    private NoiseStreams(List<TorchGenerator> generators) {
        this.generators = generators;
    }

    /** A stream for each image, as a list of generators in diffusers. */
    public static NoiseStreams perImage(List<Long> seeds) {
        return new NoiseStreams(seeds.stream().map(TorchGenerator::new).toList());
    }

    /** One stream that draws the whole batch at once, as a single generator in diffusers. */
    public static NoiseStreams shared(long seed) {
        return new NoiseStreams(List.of(new TorchGenerator(seed)));
    }

    @Override
    public void fill(float[] into) {
        int each = into.length / generators.size();
        for (int i = 0; i < generators.size(); i++) {
            generators.get(i).normal(into, i * each, each);
        }
    }
}
