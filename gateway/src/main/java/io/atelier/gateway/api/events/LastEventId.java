package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of the last event that a client received, which it sends when it reconnects. */
public final class LastEventId {

    /** The header that browsers send when they reconnect. */
    public static final String HEADER = "Last-Event-ID";

    /** The query parameter for clients that cannot set headers. */
    public static final String PARAMETER = "last_event_id";

    private static final Pattern VERSION = Pattern.compile("\\d{1,9}");

    private LastEventId() {}

    /**
     * The id; empty if the client sends none. The header has precedence, because a browser that reconnects sends it to the same URL as
     * before, with the old parameter.
     */
    public static Optional<String> of(@Nullable String header, @Nullable String parameter) {
        return given(header).or(() -> given(parameter));
    }

    /**
     * The id as a version of a job; empty if the client sends none.
     *
     * @throws Problem if it is not a version
     */
    static OptionalInt version(@Nullable String header, @Nullable String parameter) {
        var text = of(header, parameter);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!VERSION.matcher(text.get()).matches()) {
            throw invalid("must be the id of an event of this stream: a version of the generation, such as 3.");
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }

    /**
     * The problem of an id that is malformed.
     *
     * @param detail what is allowed, as the end of a sentence
     */
    static Problem invalid(String detail) {
        return new Problem(
                        ProblemKind.VALIDATION_FAILED,
                        "The header %s or the query parameter %s %s".formatted(HEADER, PARAMETER, detail))
                .errors(List.of(new FieldError(null, HEADER, PARAMETER, detail)));
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(some -> !some.isEmpty());
    }
}
