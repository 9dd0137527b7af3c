package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The last event that a client of a stream has heard, as it says when it comes back. */
public final class LastEventId {

    /** The header that browsers send by themselves when they come back. */
    public static final String HEADER = "Last-Event-ID";

    /** The query parameter for clients that cannot set headers. */
    public static final String PARAMETER = "last_event_id";

    private static final Pattern VERSION = Pattern.compile("\\d{1,9}");

    private LastEventId() {}

    /**
     * What the client says; empty if it says nothing. The header counts more: a browser that comes back sends it to the address that it
     * first asked, with the parameter of then.
     */
    public static Optional<String> of(@Nullable String header, @Nullable String parameter) {
        return given(header).or(() -> given(parameter));
    }

    /**
     * What the client says, as a version of a job.
     *
     * @throws Problem if it is none
     */
    static OptionalInt version(@Nullable String header, @Nullable String parameter) {
        var text = of(header, parameter);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!VERSION.matcher(text.get()).matches()) {
            throw new Problem(
                    ProblemKind.VALIDATION_FAILED,
                    "The header %s or the query parameter %s must be the id of an event of this stream: a version of the job, such as 3."
                            .formatted(HEADER, PARAMETER));
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(some -> !some.isEmpty());
    }
}
