package io.atelier.acceptance.crash.plan;

import java.time.Duration;

/**
 * One kill of a process while avatars are made.
 *
 * @param number the number of the round, from 1
 * @param victim the killed part; {@code generator} is the worker of the task at the stage
 * @param stage the stage of an avatar at which the part is killed
 * @param isStored whether the result of a task of the stage is stored then, but its worker does not know it; else the task has just begun
 * @param delay the time between reaching the stage and the kill
 * @param downtime the time between the kill and the restart
 * @param seed the seed of the generated avatars
 */
public record AvatarKill(
        int number, String victim, AvatarStage stage, boolean isStored, Duration delay, Duration downtime, long seed) {

    @Override
    public String toString() {
        return "round=%d shape=avatars fault=kill victim=%s stage=%s-%s after=%dms lasting=%dms"
                .formatted(number, victim, stage, isStored ? "stored" : "begun", delay.toMillis(), downtime.toMillis());
    }
}
