package io.atelier.gateway.api.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: a client's name for one request, so that repeating the request creates no second job. The job's id is
 * derived from the key, so that no table of keys is needed.
 *
 * @param text 1 to 255 printable ASCII characters, without quotes around it
 */
public record IdempotencyKey(String text) {

    public static final String HEADER = "Idempotency-Key";

    /** The header of a response that repeats an earlier one. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final int MAX_LENGTH = 255;

    /** The allowed keys, in words. */
    public static final String ALLOWED = "1 to " + MAX_LENGTH + " printable ASCII characters";

    private static final Pattern BARE =
            Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0," + (MAX_LENGTH - 2) + "}[\\x21-\\x7E])?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*)\"");

    /**
     * The key in the header: bare, or a quoted string of RFC 9651.
     *
     * @throws Problem if it is sent twice or is malformed
     */
    public static Optional<IdempotencyKey> of(List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var text = values.get(0).strip();
        var quoted = QUOTED.matcher(text);
        var bare = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : text;
        if (values.size() > 1 || !BARE.matcher(bare).matches()) {
            throw new Problem(
                    ProblemKind.INVALID_REQUEST,
                    "The header Idempotency-Key must be sent once, with " + ALLOWED + ", such as a UUID.");
        }
        return Optional.of(new IdempotencyKey(bare));
    }

    /**
     * The id of this key's job: a UUID of version 8 (RFC 9562 §5.8), which contains no time.
     *
     * @param route the operation, such as {@code POST /v1/generations}: the same key means another job in another operation
     */
    public JobId jobId(String route) {
        return JobId.of(Sha256.of("atelier/default/" + route + "\n" + text).uuid());
    }

    /** The problem if another request has used this key. */
    public Problem conflict(JobId job) {
        return new Problem(
                        ProblemKind.IDEMPOTENCY_KEY_REUSED,
                        "This Idempotency-Key belongs to the generation '%s', which another request created. Repeat that request, or send a new key."
                                .formatted(job))
                .with("job_id", job.value());
    }
}
