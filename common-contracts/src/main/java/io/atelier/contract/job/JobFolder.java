package io.atelier.contract.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The object keys of a job. They are derived from the job's id alone, so that a job's objects can be found and erased even after the job
 * itself was purged.
 */
public final class JobFolder {

    /** The folder that contains the objects of all jobs. */
    public static final String ROOT = "jobs/";

    private static final String IMAGE_ENDING = ".png";
    private static final String ORIGINAL_ENDING = ".orig";
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy/MM", Locale.ROOT).withZone(ZoneOffset.UTC);

    private JobFolder() {}

    /**
     * The folder of a job, such as {@code jobs/2026/11/gen_.../}, or {@code jobs/keyed/za/gen_.../} if the id contains no time, or one before
     * 2000 or after 9999.
     */
    public static String of(JobId job) {
        var parent = job.createdAt()
                .filter(created -> !created.isBefore(EARLIEST) && created.isBefore(LATEST))
                .map(MONTH::format)
                .orElseGet(() -> "keyed/" + job.value().substring(job.value().length() - 2));
        return ROOT + parent + "/" + job + "/";
    }

    /**
     * The key of an image that an attempt at a task stores. The key contains the attempt, so that a worker that was considered lost cannot
     * interfere with the next attempt.
     *
     * @param attempt number in the task's record, not increased by redeliveries: a redelivery must find what an earlier delivery stored
     */
    public static String image(JobId job, String task, int attempt, int index) {
        return of(job) + task + "-" + attempt + "/" + index + IMAGE_ENDING;
    }

    /**
     * The key of the signed file of a provider, of any format, that an image was made from: beside the image.
     *
     * @param image the key of the image
     */
    public static String original(String image) {
        return image.substring(0, image.length() - IMAGE_ENDING.length()) + ORIGINAL_ENDING;
    }

    /** Whether a key is that of the signed file of which an image was made. */
    public static boolean isOriginalOf(String key, String image) {
        return image.endsWith(IMAGE_ENDING) && key.equals(original(image));
    }

    /**
     * The key of a grid that a split task copies into the folder of its job, because the grid belongs to another job or to no job.
     *
     * @param attempt see {@link #image}
     * @param number number of the grid within the task, from 0
     */
    public static String grid(JobId job, String task, int attempt, int number) {
        return of(job) + task + "-" + attempt + "/grid-" + number + ".png";
    }

    /**
     * The key of the result of the job's prompt rewrite, shared by all tasks and attempts that use it.
     *
     * @param digest digest of the prompt in lower-case hex
     */
    public static String prompt(JobId job, String digest) {
        return of(job) + "prompt-" + digest + ".json";
    }
}
