package io.atelier.acceptance.crash.plan;

import java.util.Locale;

/** A stage of an avatar, by its tasks and by what they store. */
public enum AvatarStage {
    PROMPTING("prompt-", "/atelier/jobs/.*/prompt-\\d+-\\d+/prompt\\.txt"),
    BASE("base", "/atelier/jobs/.*/base-\\d+/0\\.png"),
    GRIDS("grid-", "/atelier/jobs/.*/grid-\\d+-\\d+/0\\.png"),
    SPLITTING("split-", "/atelier/jobs/.*/split-\\d+-\\d+/\\d+\\.png"),
    /** Of the copies, the second one: others are made and missing. */
    PUBLISHING("publish", "/avatars/.*/img_1\\.png");

    private final String taskPrefix;
    private final String objectPath;

    AvatarStage(String taskPrefix, String objectPath) {
        this.taskPrefix = taskPrefix;
        this.objectPath = objectPath;
    }

    /** Whether the task with this name belongs to the stage. */
    public boolean hasTask(String name) {
        return name.startsWith(taskPrefix);
    }

    /** Whether the write to this path is the result of a task of the stage. */
    public boolean stores(String path) {
        return path.matches(objectPath);
    }

    /** Whether its tasks call the provider, and so take long enough to be hit without being held. */
    boolean callsProvider() {
        return this == PROMPTING || this == BASE || this == GRIDS;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
