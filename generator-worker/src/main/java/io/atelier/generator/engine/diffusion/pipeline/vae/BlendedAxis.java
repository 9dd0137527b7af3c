package io.atelier.generator.engine.diffusion.pipeline.vae;

/**
 * One axis of latents in overlapping tiles of the same length. Neighbours overlap by at least a quarter; there the result changes linearly from one
 * to the other, so that no seam is seen.
 *
 * @param length of the axis, in latents
 * @param tile length of a tile, in latents; at most that of the axis
 * @param tiles number of tiles
 */
record BlendedAxis(int length, int tile, int tiles) {

    /** Cuts an axis into as few tiles as the overlap allows, evenly spaced. */
    static BlendedAxis of(int length, int longestTile) {
        int tile = Math.min(length, longestTile);
        int largestStep = Math.max(1, tile - tile / 4);
        int tiles = 1 + (length - tile + largestStep - 1) / largestStep;
        return new BlendedAxis(length, tile, tiles);
    }

    /** Where a tile starts, in latents. */
    int start(int index) {
        return tiles == 1 ? 0 : index * (length - tile) / (tiles - 1);
    }

    /**
     * The share of a tile in the result, for each of its values; the shares of all tiles at a place add up to 1.
     *
     * @param scale values for each latent
     */
    float[] weights(int index, int scale) {
        var weights = new float[tile * scale];
        for (int i = 0; i < weights.length; i++) {
            double place = start(index) + (i + 0.5) / scale;
            double weight = arrival(index, place);
            for (int later = index + 1; later < tiles; later++) {
                weight *= 1 - arrival(later, place);
            }
            weights[i] = (float) weight;
        }
        return weights;
    }

    /** How far the result has changed from the tiles before to this one: 0 to 1. */
    private double arrival(int index, double place) {
        if (index == 0) {
            return 1;
        }
        double overlap = start(index - 1) + tile - start(index);
        double extent = Math.min(overlap, tile / 2.0);
        double from = start(index) + (overlap - extent) / 2;
        return Math.min(1, Math.max(0, (place - from) / extent));
    }
}
