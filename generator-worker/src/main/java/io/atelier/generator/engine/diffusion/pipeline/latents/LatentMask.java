package io.atelier.generator.engine.diffusion.pipeline.latents;

import io.atelier.generator.engine.EditMask;

/** Which latents inpainting changes; the others keep those of the original image. Immutable. */
public final class LatentMask {

    private static final int HALF = 128;

    private final boolean[] changes;

    private LatentMask(boolean[] changes) {
        this.changes = changes;
    }

    /**
     * The mask of an image: a latent changes if its first pixel does, as in diffusers.
     *
     * @param mask as large as the image
     * @param shape of the latents
     * @param vaeScale pixels for each latent in one direction
     */
    public static LatentMask of(EditMask mask, LatentShape shape, int vaeScale) {
        var changes = new boolean[shape.plane()];
        for (int i = 0; i < changes.length; i++) {
            int x = i % shape.width() * vaeScale;
            int y = i / shape.width() * vaeScale;
            changes[i] = mask.change(x, y) >= HALF;
        }
        return new LatentMask(changes);
    }

    /**
     * Replaces the latents that must not change.
     *
     * @param latents {@code [n, C, h, w]}
     * @param original latents of the same shape, with the noise of the same level
     */
    public void restore(float[] latents, float[] original) {
        for (int i = 0; i < latents.length; i++) {
            if (!changes[i % changes.length]) {
                latents[i] = original[i];
            }
        }
    }
}
