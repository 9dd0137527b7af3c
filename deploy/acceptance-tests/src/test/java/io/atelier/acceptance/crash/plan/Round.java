package io.atelier.acceptance.crash.plan;

import java.time.Duration;

/**
 * One thing that breaks while jobs are under way.
 *
 * @param number from 1
 * @param victim the part that breaks; {@code generator} is the worker that has the job of the stage
 * @param stage of a job, at which it breaks
 * @param after how long after that moment
 * @param lasting how long it stays broken, or away
 * @param shift how far the clock jumps; zero unless it does
 * @param seed of the jobs
 */
public record Round(
        int number,
        Shape shape,
        Fault fault,
        String victim,
        Stage stage,
        Duration after,
        Duration lasting,
        Duration shift,
        long seed) {

    @Override
    public String toString() {
        return "round=%d shape=%s fault=%s victim=%s stage=%s after=%dms lasting=%dms%s"
                .formatted(
                        number,
                        shape,
                        fault,
                        victim,
                        stage,
                        after.toMillis(),
                        lasting.toMillis(),
                        shift.isZero() ? "" : " shift=%+ds".formatted(shift.toSeconds()));
    }
}
