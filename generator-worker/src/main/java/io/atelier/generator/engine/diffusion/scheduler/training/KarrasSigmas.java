package io.atelier.generator.engine.diffusion.scheduler.training;

import java.util.Arrays;

/** The noise levels of Karras et al. (2022), with rho 7: dense where there is little noise. */
public final class KarrasSigmas {

    /** The field of the file that asks for them. */
    public static final String FIELD = "use_karras_sigmas";

    private static final double RHO = 7;

    private KarrasSigmas() {}

    /** Levels from {@code max} down to {@code min}, both included; one level is {@code max}. */
    public static double[] between(double max, double min, int count) {
        double top = Math.pow(max, 1 / RHO);
        double bottom = Math.pow(min, 1 / RHO);
        var sigmas = new double[count];
        Arrays.setAll(sigmas, i -> Math.pow(top + (count == 1 ? 0 : i / (count - 1.0)) * (bottom - top), RHO));
        return sigmas;
    }
}
