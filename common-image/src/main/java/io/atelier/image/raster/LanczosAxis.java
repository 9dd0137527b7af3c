package io.atelier.image.raster;

/**
 * One axis of a Lanczos-3 resampling: the range of source pixels and their weights for each target pixel. The weights of a target pixel add up
 * to 1; positions outside the source are left out. Immutable.
 */
final class LanczosAxis {

    private static final int LOBES = 3;

    private final int[] first;
    private final float[][] weights;

    private LanczosAxis(int[] first, float[][] weights) {
        this.first = first;
        this.weights = weights;
    }

    /**
     * The axis that maps the centre of {@code source} pixels to {@code target} pixels.
     *
     * @param scale target pixels per source pixel; below 1 the kernel is widened so that a reduction averages
     */
    static LanczosAxis centred(int source, int target, double scale) {
        double start = (source - target / scale) / 2;
        double stretch = Math.max(1, 1 / scale);
        var first = new int[target];
        var weights = new float[target][];
        for (int i = 0; i < target; i++) {
            double centre = start + (i + 0.5) / scale;
            int from = Math.max(0, (int) Math.ceil(centre - LOBES * stretch - 0.5));
            int to = Math.min(source, (int) Math.floor(centre + LOBES * stretch - 0.5) + 1);
            first[i] = from;
            weights[i] = weights(from, to, centre, stretch);
        }
        return new LanczosAxis(first, weights);
    }

    /** The number of target pixels. */
    int length() {
        return first.length;
    }

    /** The value of target pixel {@code i} for the source line that starts at {@code offset} in {@code line}, with {@code stride} floats per pixel. */
    float at(int i, float[] line, int offset, int stride) {
        var weight = weights[i];
        int from = offset + first[i] * stride;
        float sum = 0;
        for (int k = 0; k < weight.length; k++) {
            sum += weight[k] * line[from + k * stride];
        }
        return sum;
    }

    private static float[] weights(int from, int to, double centre, double stretch) {
        var raw = new double[to - from];
        double sum = 0;
        for (int k = 0; k < raw.length; k++) {
            raw[k] = kernel((from + k + 0.5 - centre) / stretch);
            sum += raw[k];
        }
        var weights = new float[raw.length];
        for (int k = 0; k < raw.length; k++) {
            weights[k] = (float) (raw[k] / sum);
        }
        return weights;
    }

    private static double kernel(double x) {
        if (Math.abs(x) < 1e-9) {
            return 1;
        }
        return Math.abs(x) >= LOBES ? 0 : sinc(x) * sinc(x / LOBES);
    }

    private static double sinc(double x) {
        return Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
