package io.atelier.gateway.api.events;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream of all events begins.
 *
 * @param cursor after the last event that the client has heard; empty if it has heard none
 * @param earliest without a cursor: whether with the oldest event that there is, or with the next one
 */
record StreamPosition(Optional<FirehoseCursor> cursor, boolean earliest) {

    /**
     * What a client asks for.
     *
     * @throws Problem if that cannot be understood
     */
    static StreamPosition of(@Nullable String header, @Nullable String parameter, String from) {
        if (!from.equals("earliest") && !from.equals("latest")) {
            throw invalid("The query parameter from must be 'earliest' or 'latest'.");
        }
        var cursor = LastEventId.of(header, parameter)
                .map(text -> FirehoseCursor.parse(text)
                        .orElseThrow(() -> invalid(
                                "The header %s or the query parameter %s must be the id of an event of this stream, unchanged."
                                        .formatted(LastEventId.HEADER, LastEventId.PARAMETER))));
        return new StreamPosition(cursor, from.equals("earliest"));
    }

    /**
     * The names of the events that a client wants to hear of; all if it names none.
     *
     * @throws Problem if there is no such event
     */
    static Set<String> types(@Nullable String names) {
        if (names == null || names.isBlank()) {
            return EventName.LIFECYCLE;
        }
        var wanted = Stream.of(names.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
        if (!EventName.LIFECYCLE.containsAll(wanted)) {
            throw invalid("The query parameter types must be a list, parted by commas, of: %s."
                    .formatted(String.join(
                            ", ", EventName.LIFECYCLE.stream().sorted().toList())));
        }
        return wanted;
    }

    private static Problem invalid(String detail) {
        return new Problem(ProblemKind.VALIDATION_FAILED, detail);
    }
}
