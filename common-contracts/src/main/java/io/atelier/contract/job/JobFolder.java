package io.atelier.contract.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where the pictures of a job lie in the bucket. It follows from the id alone, so that whoever has the id can find them, or erase them,
 * after the job itself is forgotten.
 */
public final class JobFolder {

    /** Every picture of every job lies below it. */
    public static final String ROOT = "jobs/";

    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy/MM", Locale.ROOT).withZone(ZoneOffset.UTC);

    private JobFolder() {}

    /** The job's folder, such as {@code jobs/2026/11/gen_.../}; {@code jobs/keyed/za/gen_.../} if its id carries no (likely) time. */
    public static String of(JobId job) {
        var shelf = job.createdAt()
                .filter(made -> !made.isBefore(FIRST) && made.isBefore(LAST))
                .map(MONTH::format)
                .orElseGet(() -> "keyed/" + job.value().substring(job.value().length() - 2));
        return ROOT + shelf + "/" + job + "/";
    }

    /**
     * The key of a picture that an attempt at a task makes. The number of the attempt keeps a worker that everybody took for lost from
     * being in another one's way.
     *
     * @param attempt the order's own, not counted up by deliveries: a redelivery must find what an earlier one left
     */
    public static String image(JobId job, String task, int attempt, int index) {
        return "%s%s-%d/%d.png".formatted(of(job), task, attempt, index);
    }

    /**
     * The key of what came of the wish to better the job's prompt, the same for every task and attempt that draws it.
     *
     * @param digest of the prompt, in lower-case hex
     */
    public static String prompt(JobId job, String digest) {
        return "%sprompt-%s.json".formatted(of(job), digest);
    }
}
