package io.atelier.gateway.submission;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.problem.Problem;
import io.atelier.gateway.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: a client's own name for one request, so that repeating the request asks for nothing new. The name of
 * the job follows from it, so that nobody has to remember which key belongs to which job.
 *
 * @param text 1 to 255 printable ASCII characters, without quotes around it
 */
record ClientKey(String text) {

    static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0,253}[\\x21-\\x7E])?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*)\"");

    /**
     * The key in the header: bare, or a quoted string of RFC 9651.
     *
     * @throws Problem if it is sent twice or in no allowed form
     */
    static Optional<ClientKey> of(List<String> values) {
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
        return Optional.of(new ClientKey(bare));
    }

    /**
     * The id that the job of this key has: a UUID of version 8 (RFC 9562 §5.8), which carries no time.
     *
     * @param route what is asked for, such as {@code POST /v1/generations}: the same key means another job elsewhere
     */
    JobId job(String route) {
        var digest = ByteBuffer.wrap(sha256("atelier/default/" + route + "\n" + text));
        long high = (digest.getLong() & ~0xF000L) | 0x8000L;
        long low = (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return JobId.of(new UUID(high, low));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
