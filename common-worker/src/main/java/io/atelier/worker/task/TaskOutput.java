package io.atelier.worker.task;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
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
 */
public record TaskOutput(
        List<StoredImage> images,
        List<Job.Warning> warnings,
        @Nullable Long engineMillis,
        @Nullable Enhancement enhancement) {

    public TaskOutput {
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
    }

    /** The output of a task without a prompt stage. */
    public TaskOutput(List<StoredImage> images, List<Job.Warning> warnings, @Nullable Long engineMillis) {
        this(images, warnings, engineMillis, null);
    }

    /** A copy with the duration of the engine. */
    public TaskOutput withEngineMillis(long millis) {
        return new TaskOutput(images, warnings, millis, enhancement);
    }

    /**
     * A copy with the outcome of the prompt stage.
     *
     * @param promptWarnings the warnings of the prompt stage, which come before the others
     */
    public TaskOutput withEnhancement(Enhancement outcome, List<Job.Warning> promptWarnings) {
        var all = new ArrayList<>(promptWarnings);
        all.addAll(warnings);
        return new TaskOutput(images, all, engineMillis, outcome);
    }
}
