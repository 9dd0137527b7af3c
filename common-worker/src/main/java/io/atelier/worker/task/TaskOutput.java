package io.atelier.worker.task;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a task that was done.
 *
 * @param images in order; all of them lie in the store
 * @param warnings what a person should know of them
 * @param engineMillis how long the engine itself took; null if none worked, or if an earlier delivery drew the pictures
 * @param enhancement what came of the wish to better the prompt; null if there was none
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

    public TaskOutput(List<StoredImage> images, List<Job.Warning> warnings, @Nullable Long engineMillis) {
        this(images, warnings, engineMillis, null);
    }

    /** The same, of an engine that took so long. */
    public TaskOutput in(long millis) {
        return new TaskOutput(images, warnings, millis, enhancement);
    }

    /** The same, of a prompt of which that came. */
    public TaskOutput of(Enhancement prompt, List<Job.Warning> more) {
        var all = new ArrayList<>(more);
        all.addAll(warnings);
        return new TaskOutput(images, all, engineMillis, prompt);
    }
}
