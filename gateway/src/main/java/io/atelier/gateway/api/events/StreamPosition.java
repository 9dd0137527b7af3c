package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The position at which a stream of all events begins.
 *
 * @param cursor after the last event that the client received; empty if there is none
 * @param earliest without a cursor: whether to begin with the oldest event that is kept, or with the next one
 */
record StreamPosition(Optional<FirehoseCursor> cursor, boolean earliest) {

    /**
     * The position that a client requests.
     *
     * @throws Problem if a value is invalid
     */
    static StreamPosition of(@Nullable String header, @Nullable String parameter, String from) {
        if (!from.equals("earliest") && !from.equals("latest")) {
            throw invalid("from", "must be 'earliest' or 'latest'.");
        }
        var cursor = LastEventId.of(header, parameter)
                .map(text -> FirehoseCursor.parse(text).orElseThrow(StreamPosition::invalidCursor));
        return new StreamPosition(cursor, from.equals("earliest"));
    }

    /**
     * The names of the events that a client requests; all if it names none.
     *
     * @throws Problem if a name is unknown
     */
    static Set<String> types(@Nullable String names) {
        if (names == null || names.isBlank()) {
            return EventName.LIFECYCLE;
        }
        var requested = Stream.of(names.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
        if (!EventName.LIFECYCLE.containsAll(requested)) {
            throw invalid(
                    "types",
                    "must be a comma-separated list of: %s."
                            .formatted(String.join(
                                    ", ", EventName.LIFECYCLE.stream().sorted().toList())));
        }
        return requested;
    }

    /** The problem of a last event id that this stream cannot have sent. */
    static Problem invalidCursor() {
        return LastEventId.invalid(
                "must be the unchanged id of an event of this stream. To start again, leave it out, or send from=earliest.");
    }

    private static Problem invalid(String parameter, String detail) {
        return new Problem(ProblemKind.VALIDATION_FAILED, "The query parameter '%s' %s".formatted(parameter, detail))
                .errors(List.of(FieldError.inParameter(parameter, detail)));
    }
}
