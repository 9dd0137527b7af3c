package io.atelier.generator.engine.pocket.noise;

/**
 * Standard normal numbers, equal to {@code torch.randn(..., generator=torch.Generator("cpu").manual_seed(seed))} except for the last bit of a
 * float. So a seed gives the same image here as with PyTorch.
 */
public final class TorchNormal {

    private static final int BLOCK = 16;

    private TorchNormal() {}

    /** The first {@code count} numbers of a seed. Like PyTorch, this uses one method for fewer than 16 numbers and another for 16 and more. */
    public static float[] standardNormal(long seed, int count) {
        var random = new MersenneTwister(seed);
        return count < BLOCK ? pairs(random, count) : blocks(random, count);
    }

    /** Box-Muller in double precision, pair by pair: the cosine gives one number, the sine the next. */
    private static float[] pairs(MersenneTwister random, int count) {
        var out = new float[count];
        for (int i = 0; i < count; i += 2) {
            double angle = 2 * Math.PI * random.nextDouble();
            double radius = Math.sqrt(-2 * Math.log1p(-random.nextDouble()));
            out[i] = (float) (radius * Math.cos(angle));
            if (i + 1 < count) {
                out[i + 1] = (float) (radius * Math.sin(angle));
            }
        }
        return out;
    }

    /** Box-Muller in single precision, on blocks of 16 numbers; if the last block is incomplete, the last 16 numbers are computed again. */
    private static float[] blocks(MersenneTwister random, int count) {
        var out = new float[count];
        fill(random, out, 0, count);
        for (int start = 0; start + BLOCK <= count; start += BLOCK) {
            boxMuller(out, start);
        }
        if (count % BLOCK != 0) {
            fill(random, out, count - BLOCK, count);
            boxMuller(out, count - BLOCK);
        }
        return out;
    }

    private static void fill(MersenneTwister random, float[] out, int from, int to) {
        for (int i = from; i < to; i++) {
            out[i] = random.nextFloat();
        }
    }

    private static void boxMuller(float[] block, int start) {
        for (int i = start; i < start + BLOCK / 2; i++) {
            double radius = Math.sqrt(-2 * Math.log(1 - block[i]));
            double angle = 2 * Math.PI * block[i + BLOCK / 2];
            block[i] = (float) (radius * Math.cos(angle));
            block[i + BLOCK / 2] = (float) (radius * Math.sin(angle));
        }
    }
}
