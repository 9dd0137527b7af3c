package io.atelier.worker.task;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.StoredPrompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of a task that succeeded.
 *
 * @param images in order; all of them are stored
 * @param warnings what a person should know about the images
 * @param engineMillis how long the engine took; null if no engine ran, or if an earlier delivery made the images
 * @param enhancement the outcome of the prompt stage; null if the prompt was not to be rewritten
 * @param grids the grids that were cut, with the places of the cuts; empty if none was cut
 * @param prompt the prompt that the task wrote and stored; null if it wrote none
 */
public record TaskOutput(
        List<StoredImage> images,
        List<Job.Warning> warnings,
        @Nullable Long engineMillis,
        @Nullable Enhancement enhancement,
        List<StoredImage> grids,
        @Nullable StoredPrompt prompt) {

    public TaskOutput {
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
        grids = List.copyOf(grids);
    }

    /** The output of a task that generated images, without a prompt stage. */
    public TaskOutput(List<StoredImage> images, List<Job.Warning> warnings, @Nullable Long engineMillis) {
        this(images, warnings, engineMillis, null, List.of(), null);
    }

    /** The output of a task that cut grids. */
    public static TaskOutput ofSplit(List<StoredImage> tiles, List<StoredImage> grids, List<Job.Warning> warnings) {
        return new TaskOutput(tiles, warnings, null, null, grids, null);
    }

    /** The output of a task that wrote a prompt. */
    public static TaskOutput ofPrompt(StoredPrompt prompt) {
        return new TaskOutput(List.of(), List.of(), null, null, List.of(), prompt);
    }

    /** A copy with the duration of the engine. */
    public TaskOutput withEngineMillis(long millis) {
        return new TaskOutput(images, warnings, millis, enhancement, grids, prompt);
    }

    /**
     * A copy with the outcome of the prompt stage.
     *
     * @param promptWarnings the warnings of the prompt stage, which come before the others
     */
    public TaskOutput withEnhancement(Enhancement outcome, List<Job.Warning> promptWarnings) {
        var all = new ArrayList<>(promptWarnings);
        all.addAll(warnings);
        return new TaskOutput(images, all, engineMillis, outcome, grids, prompt);
    }
}
