package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;

/**
 * FLUX: each 2 x 2 latents of all channels are a token, {@code [n, (h / 2) * (w / 2), 4 * C]}. Tokens are in row-major order; their values are in
 * the order of channel, row, column. For one thread.
 */
final class PackedLayout implements LatentLayout {

    private static final int PATCH = 2;

    private final LatentShape shape;
    private final int images;
    private final float[] packed;

    PackedLayout(LatentShape shape, int images) {
        this.shape = shape;
        this.images = images;
        this.packed = new float[images * shape.size()];
    }

    static int tokens(LatentShape shape) {
        return shape.plane() / (PATCH * PATCH);
    }

    /** Input {@code img_ids [P, 3]}: 0, row and column of each token. */
    static float[] imageIds(LatentShape shape) {
        int columns = shape.width() / PATCH;
        var ids = new float[tokens(shape) * 3];
        for (int token = 0; token < tokens(shape); token++) {
            int row = token / columns;
            ids[3 * token + 1] = row;
            ids[3 * token + 2] = token % columns;
        }
        return ids;
    }

    @Override
    public long[] tensorShape(int batch) {
        return new long[] {batch, tokens(shape), width()};
    }

    @Override
    public float[] pack(float[] latents) {
        for (int i = 0; i < latents.length; i++) {
            packed[packedIndex(i)] = latents[i];
        }
        return packed;
    }

    @Override
    public void unpack(float[] from, float[] into) {
        for (int i = 0; i < images * shape.size(); i++) {
            into[i] = from[packedIndex(i)];
        }
    }

    private int width() {
        return shape.channels() * PATCH * PATCH;
    }

    private int packedIndex(int index) {
        int x = index % shape.width();
        int y = index / shape.width() % shape.height();
        int channel = index / shape.plane() % shape.channels();
        int image = index / shape.size();
        int token = y / PATCH * (shape.width() / PATCH) + x / PATCH;
        int value = (channel * PATCH + y % PATCH) * PATCH + x % PATCH;
        return (image * tokens(shape) + token) * width() + value;
    }
}
