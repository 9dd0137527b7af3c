package io.atelier.messaging.worker;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a task that was done.
 *
 * @param images in order; all of them lie in the store
 * @param warnings what a person should know of them
 * @param engineMillis how long the engine itself took; null if none worked, or if an earlier delivery drew the pictures
 */
public record Made(
        List<StoredImage> images,
        List<Job.Warning> warnings,
        @Nullable Long engineMillis) {

    public Made {
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
    }

    /** The same, of an engine that took so long. */
    public Made in(long millis) {
        return new Made(images, warnings, millis);
    }
}
