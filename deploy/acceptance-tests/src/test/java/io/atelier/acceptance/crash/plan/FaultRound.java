package io.atelier.acceptance.crash.plan;

import java.time.Duration;

/**
 * One fault that is injected while jobs are running.
 *
 * @param number the number of the round, from 1
 * @param victim the affected part; {@code generator} is the worker of the job at the stage
 * @param stage the stage of a job at which the fault is injected
 * @param delay the time between reaching the stage and the fault
 * @param duration how long the fault lasts
 * @param clockShift the shift of the clock; zero for other faults
 * @param seed the seed of the generated jobs
 */
public record FaultRound(
        int number,
        DeploymentShape shape,
        Fault fault,
        String victim,
        JobStage stage,
        Duration delay,
        Duration duration,
        Duration clockShift,
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
                        delay.toMillis(),
                        duration.toMillis(),
                        clockShift.isZero() ? "" : " shift=%+ds".formatted(clockShift.toSeconds()));
    }
}
