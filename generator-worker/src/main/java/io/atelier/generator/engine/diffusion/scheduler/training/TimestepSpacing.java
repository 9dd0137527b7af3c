package io.atelier.generator.engine.diffusion.scheduler.training;

import java.util.Arrays;

/** How the timesteps of a run are chosen from those of the training; table 2 of Lin et al. (2023). */
public enum TimestepSpacing {
    /** Whole distances counted from 0 up, so that the noisiest timesteps are left out. */
    LEADING {
        @Override
        double timestep(int i, int points, int end) {
            int distance = end / points;
            return (points - 1 - i) * distance;
        }
    },
    /** Counted from the noisiest timestep down. */
    TRAILING {
        @Override
        double timestep(int i, int points, int end) {
            return Math.rint(end - i * ((double) end / points)) - 1;
        }
    },
    /** Even distances from the noisiest timestep to 0, with fractions. */
    LINSPACE {
        @Override
        double timestep(int i, int points, int end) {
            return points == 1 ? 0 : (end - 1) * ((points - 1 - i) / (points - 1.0));
        }
    };

    /**
     * The spacing that the file names.
     *
     * @param missing the default of diffusers' class
     */
    public static TimestepSpacing of(SchedulerFields fields, TimestepSpacing missing) {
        return fields.choice("timestep_spacing", missing);
    }

    /** The whole timesteps of DDIM and of the method of Liu et al., descending, as the file says; leading if it names no spacing. */
    public static int[] wholeTimesteps(SchedulerFields fields, int steps, TrainingNoise training) {
        return of(fields, LEADING).wholeTimesteps(steps, training.timesteps(), fields.integer("steps_offset", 0));
    }

    /**
     * The timesteps of a run, descending; may have fractions.
     *
     * @param end the number of timesteps of the training
     * @param offset added by {@link #LEADING} only
     */
    public double[] timesteps(int steps, int end, int offset) {
        return first(steps, steps, end, offset);
    }

    /** The same in whole numbers. */
    public int[] wholeTimesteps(int steps, int end, int offset) {
        return rounded(timesteps(steps, end, offset));
    }

    /** The whole timesteps of DPM-Solver: placed as for one step more, of which the last, at 0, is left out; trailing has no such step. */
    public int[] wholeTimestepsAboveZero(int steps, int end, int offset) {
        return rounded(first(steps, this == TRAILING ? steps : steps + 1, end, offset));
    }

    /** A timestep before the offset is added, for {@code points} of them in [0, {@code end}). */
    abstract double timestep(int i, int points, int end);

    private double[] first(int count, int points, int end, int offset) {
        var timesteps = new double[count];
        Arrays.setAll(timesteps, i -> timestep(i, points, end) + (this == LEADING ? offset : 0));
        return timesteps;
    }

    private static int[] rounded(double[] timesteps) {
        return Arrays.stream(timesteps).mapToInt(t -> (int) Math.rint(t)).toArray();
    }
}
