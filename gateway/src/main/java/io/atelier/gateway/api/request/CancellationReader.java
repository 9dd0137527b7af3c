package io.atelier.gateway.api.request;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and validates the body of a cancellation. */
public final class CancellationReader {

    private static final Duration MAX_GRACE = Duration.parse(RequestLimits.MAX_CANCEL_GRACE);
    private static final String ALLOWED_GRACE =
            "Must be a duration from PT0S to " + RequestLimits.MAX_CANCEL_GRACE + ", such as PT5S.";

    private CancellationReader() {}

    /**
     * The body of a cancellation request.
     *
     * @param reason in the client's own words; null if it gives none
     * @param grace the grace period for the engine to stop on its own; empty if the client does not set it
     */
    public record Cancellation(@Nullable String reason, Optional<Duration> grace) {}

    /**
     * The cancellation in a body; an empty body sets no field.
     *
     * @throws io.atelier.gateway.api.problem.Problem if the body is no JSON, or with all its validation errors
     */
    public static Cancellation read(byte[] body) {
        if (body.length == 0) {
            return new Cancellation(null, Optional.empty());
        }
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors);
        fields.allowOnly(CancellationForm.class, Set.of());
        var reason = fields.text("reason", 0, RequestLimits.MAX_CANCEL_REASON_LENGTH);
        var grace = fields.text("grace", 1, 32).flatMap(text -> grace(fields, text));
        errors.throwIfAny();
        return new Cancellation(reason.orElse(null), grace);
    }

    private static Optional<Duration> grace(JsonFields fields, String text) {
        try {
            var grace = Duration.parse(text);
            if (!grace.isNegative() && grace.compareTo(MAX_GRACE) <= 0) {
                return Optional.of(grace);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Reported below, like a duration out of range.
        }
        fields.error("grace", ALLOWED_GRACE);
        return Optional.empty();
    }
}
