package io.atelier.generator.engine.diffusion.noise;

/**
 * A stream of standard normal numbers, equal to that of {@code torch.Generator("cpu").manual_seed(seed)} up to the last bit of a float. Each
 * call of {@link #normal} is one call of {@code torch.randn}: two calls of 8 numbers are not one call of 16. For one thread.
 */
public final class TorchGenerator {

    private static final int BLOCK = 16;
    private static final int HALF = BLOCK / 2;

    private final Mt19937 random;
    /** The sine of the last pair, if only its cosine was used; the next call for a few numbers begins with it. NaN if there is none. */
    private double spare = Double.NaN;

    /**
     * Creates the generator at the start of its stream.
     *
     * @param seed any; only its low 32 bits count, as in PyTorch
     */
    public TorchGenerator(long seed) {
        random = new Mt19937(seed);
    }

    /**
     * Writes the next {@code count} numbers. PyTorch has one method for fewer than 16 numbers and another for 16 and more.
     *
     * @param from the first index of {@code into} that is written
     */
    public void normal(float[] into, int from, int count) {
        if (count < BLOCK) {
            pairs(into, from, count);
        } else {
            blocks(into, from, count);
        }
    }

    /** Box-Muller in double precision: the cosine gives one number, the sine the next, even if that belongs to the next call. */
    private void pairs(float[] into, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (Double.isNaN(spare)) {
                double angle = 2 * Math.PI * random.uniformDouble();
                double radius = Math.sqrt(-2 * Math.log1p(-random.uniformDouble()));
                into[i] = (float) (radius * Math.cos(angle));
                spare = radius * Math.sin(angle);
            } else {
                into[i] = (float) spare;
                spare = Double.NaN;
            }
        }
    }

    /** Box-Muller in single precision on blocks of 16; if the last block is incomplete, the last 16 numbers are drawn again. */
    private void blocks(float[] into, int from, int count) {
        int end = from + count;
        uniform(into, from, end);
        for (int start = from; start + BLOCK <= end; start += BLOCK) {
            boxMuller(into, start);
        }
        if (count % BLOCK != 0) {
            uniform(into, end - BLOCK, end);
            boxMuller(into, end - BLOCK);
        }
    }

    private void uniform(float[] into, int from, int to) {
        for (int i = from; i < to; i++) {
            into[i] = random.uniformFloat();
        }
    }

    private static void boxMuller(float[] numbers, int start) {
        for (int i = start; i < start + HALF; i++) {
            double radius = Math.sqrt(-2 * Math.log(1 - numbers[i]));
            double angle = 2 * Math.PI * numbers[i + HALF];
            numbers[i] = (float) (radius * Math.cos(angle));
            numbers[i + HALF] = (float) (radius * Math.sin(angle));
        }
    }
}
