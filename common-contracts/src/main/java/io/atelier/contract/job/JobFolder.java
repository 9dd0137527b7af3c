package io.atelier.contract.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The object keys of a job. They are derived from the job's id alone, so that a job's objects can be found and erased even after the job
 * itself was purged.
 */
public final class JobFolder {

    /** The folder that contains the objects of all jobs. */
    public static final String ROOT = "jobs/";

    private static final String DERIVATIVES = "derivatives/";
    private static final String PNG = ".png";
    private static final String JPEG = ".jpg";
    private static final String ORIGINAL = ".orig";
    private static final String PUBLICATION = "published-";
    private static final String PREVIEW = "/preview-";

    /** The number of digits of a digest in the names of texts and publications. */
    private static final int DIGITS = 8;

    private static final Pattern TEXT =
            Pattern.compile("persona-[0-9a-f]{8}\\.json|given-[0-9a-f]{8}\\.txt|[^/]+-\\d+/prompt\\.txt");
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
        return of(job) + task + "-" + attempt + "/" + index + PNG;
    }

    /**
     * The key of a preview of an unfinished image, which is deleted at the end of the attempt.
     *
     * @param attempt number of the attempt, increased by redeliveries
     * @param number of the preview within the attempt, from 1
     */
    public static String preview(JobId job, String task, int attempt, int number) {
        return of(job) + task + "-" + attempt + PREVIEW + number + JPEG;
    }

    /**
     * The key of the signed file of a provider, of any format, that an image was made from: beside the image.
     *
     * @param image the key of the PNG
     */
    public static String original(String image) {
        return image.substring(0, image.length() - PNG.length()) + ORIGINAL;
    }

    /** Whether a key is that of the signed file of which a delivered image was made. */
    public static boolean isOriginalOf(String key, String delivered) {
        var image = png(delivered);
        return image.endsWith(PNG) && key.equals(original(image));
    }

    /**
     * The key of the JPEG that is delivered in place of an image, beside which it lies.
     *
     * @param image the key of the PNG, as {@link #image} returns it
     */
    public static String jpeg(String image) {
        return image.substring(0, image.length() - PNG.length()) + JPEG;
    }

    /** The key of the PNG with all samples of a delivered image: that of the image itself, or of the PNG beside a JPEG. */
    public static String png(String delivered) {
        return delivered.endsWith(JPEG) ? delivered.substring(0, delivered.length() - JPEG.length()) + PNG : delivered;
    }

    /**
     * The key of a smaller copy of an image, or of one in another format, which is made when it is first asked for.
     *
     * @param sha256 of the delivered image, in lower-case hex
     * @param form what distinguishes it from other copies of the image, with the extension of the file, such as {@code w256.png}
     */
    public static String derivative(JobId job, String sha256, String form) {
        return of(job) + DERIVATIVES + sha256 + "-" + form;
    }

    /** The digest of the image of which a key is that of a derivative; empty if it is another key. */
    public static Optional<String> derivedFrom(JobId job, String key) {
        var folder = of(job) + DERIVATIVES;
        int end = key.indexOf('-', folder.length());
        return key.startsWith(folder) && end > 0 ? Optional.of(key.substring(folder.length(), end)) : Optional.empty();
    }

    /**
     * The key of a grid that a split task copies into the folder of its job, because the grid belongs to another job or to no job.
     *
     * @param attempt see {@link #image}
     * @param number number of the grid within the task, from 0
     */
    public static String grid(JobId job, String task, int attempt, int number) {
        return of(job) + task + "-" + attempt + "/grid-" + number + PNG;
    }

    /**
     * The key of the result of the job's prompt rewrite, shared by all tasks and attempts that use it.
     *
     * @param digest digest of the prompt in lower-case hex
     */
    public static String prompt(JobId job, String digest) {
        return of(job) + "prompt-" + digest + ".json";
    }

    /**
     * The key of the persona of an avatar, as JSON.
     *
     * @param digest SHA-256 of the JSON in lower-case hex. Two requests that were accepted for one id at the same moment have keys of their own
     */
    public static String persona(JobId job, String digest) {
        return of(job) + "persona-" + digest.substring(0, DIGITS) + ".json";
    }

    /**
     * The key of the prompt that a client gave for the grids of an avatar.
     *
     * @param digest see {@link #persona}
     */
    public static String given(JobId job, String digest) {
        return of(job) + "given-" + digest.substring(0, DIGITS) + ".txt";
    }

    /**
     * The key of the prompt that an attempt at a task wrote.
     *
     * @param attempt see {@link #image}
     */
    public static String text(JobId job, String task, int attempt) {
        return of(job) + task + "-" + attempt + "/prompt.txt";
    }

    /** Whether a key is that of a text of an avatar: of its persona, or of a prompt that a client gave or a task wrote. */
    public static boolean isText(JobId job, String key) {
        var folder = of(job);
        return key.startsWith(folder)
                && TEXT.matcher(key.substring(folder.length())).matches();
    }

    /**
     * The key of a list of the copies that a job published, which an erasure must delete, too.
     *
     * @param digest SHA-256 of the list in lower-case hex: attempts that publish to the same keys share a list
     */
    public static String publication(JobId job, String digest) {
        return of(job) + PUBLICATION + digest.substring(0, DIGITS) + ".json";
    }

    /** Whether a key is that of a list of published copies. */
    public static boolean isPublication(JobId job, String key) {
        return key.startsWith(of(job) + PUBLICATION);
    }
}
