package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;

/** How a network takes the latents of a batch. */
interface LatentLayout {

    /** The shape of the input and of the output. */
    long[] tensorShape(int batch);

    /**
     * Converts latents {@code [n, C, h, w]} to the layout.
     *
     * @return the result in an array that the next call reuses, or the argument if nothing is to be done
     */
    float[] pack(float[] latents);

    /** Converts the result of the network back to {@code [n, C, h, w]}. */
    void unpack(float[] packed, float[] into);

    /** Leaves latents as they are, {@code [n, C, h, w]}. */
    static LatentLayout planes(LatentShape shape) {
        return new LatentLayout() {
            @Override
            public long[] tensorShape(int batch) {
                return new long[] {batch, shape.channels(), shape.height(), shape.width()};
            }

            @Override
            public float[] pack(float[] latents) {
                return latents;
            }

            @Override
            public void unpack(float[] packed, float[] into) {
                System.arraycopy(packed, 0, into, 0, into.length);
            }
        };
    }
}
