package io.atelier.gateway.api.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: a client's own name for one request, so that repeating the request asks for nothing new. The name of
 * the job follows from it, so that nobody has to remember which key belongs to which job.
 *
 * @param text 1 to 255 printable ASCII characters, without quotes around it
 */
record IdempotencyKey(String text) {

    static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0,253}[\\x21-\\x7E])?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*)\"");

    /**
     * The key in the header: bare, or a quoted string of RFC 9651.
     *
     * @throws Problem if it is sent twice or in no allowed form
     */
    static Optional<IdempotencyKey> of(List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var text = values.get(0).strip();
        var quoted = QUOTED.matcher(text);
        var bare = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : text;
        if (values.size() > 1 || !FORM.matcher(bare).matches()) {
            throw new Problem(
                    ProblemKind.INVALID_REQUEST,
                    "The header Idempotency-Key must be sent once, with 1 to 255 printable ASCII characters, such as a UUID.");
        }
        return Optional.of(new IdempotencyKey(bare));
    }

    /**
     * The id that the job of this key has: a UUID of version 8 (RFC 9562 §5.8), which carries no time.
     *
     * @param route what is asked for, such as {@code POST /v1/generations}: the same key means another job elsewhere
     */
    JobId job(String route) {
        return JobId.of(Sha256.of("atelier/default/" + route + "\n" + text).uuid());
    }
}
