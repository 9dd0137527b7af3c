package io.atelier.gateway.api.request;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how a client wants a job to end. */
public final class CancellationReader {

    private static final Duration LONGEST_GRACE = Duration.ofMinutes(5);
    private static final String GRACE = "Must be a duration from PT0S to PT5M, such as PT5S.";

    private CancellationReader() {}

    /**
     * How a job is to end.
     *
     * @param reason in the client's words; null if it has none
     * @param grace how long the engine may take to stop by itself; empty if the client does not say
     */
    public record Wish(@Nullable String reason, Optional<Duration> grace) {}

    /**
     * The wish in a body; an empty body has none of its own.
     *
     * @throws io.atelier.gateway.api.problem.Problem if it cannot be read, or with everything that is wrong with it
     */
    public static Wish read(byte[] body) {
        if (body.length == 0) {
            return new Wish(null, Optional.empty());
        }
        var mistakes = new ValidationErrors();
        var tree = StrictJson.read(body);
        if (!tree.isObject()) {
            mistakes.add("", "Must be a JSON object, not %s.".formatted(JsonFields.kind(tree)));
            mistakes.refuse();
        }
        var fields = new JsonFields(tree, "", mistakes);
        fields.allowOnly(Set.of("reason", "grace"), Set.of());
        var reason = fields.text("reason", 0, 256);
        var grace = fields.text("grace", 1, 32).flatMap(text -> grace(fields, text));
        mistakes.refuse();
        return new Wish(reason.orElse(null), grace);
    }

    private static Optional<Duration> grace(JsonFields fields, String text) {
        try {
            var grace = Duration.parse(text);
            if (!grace.isNegative() && grace.compareTo(LONGEST_GRACE) <= 0) {
                return Optional.of(grace);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Told below, like a duration out of bounds.
        }
        fields.mistake("grace", GRACE);
        return Optional.empty();
    }
}
