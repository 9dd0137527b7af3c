package io.atelier.acceptance;

import io.atelier.acceptance.TopicConsumer.Event;
import io.atelier.avatarsample.provider.ProviderCall;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * When one avatar of a batch was worked on.
 *
 * @param index the place of its persona, from 0
 * @param events how many public events it has, one for each version
 * @param released when its turn came, by its events, to the millisecond
 * @param ended when it ended, by its events, to the millisecond
 * @param firstCall when the provider received the first call about it, by {@link System#nanoTime()}
 * @param lastAnswer when the provider sent the last answer about it, by the same clock
 */
record AvatarTurn(int index, int events, Instant released, Instant ended, long firstCall, long lastAnswer) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The turn of an avatar that has ended.
     *
     * @param events all of its public events
     * @param calls all calls of the provider about it
     */
    static AvatarTurn of(int index, List<Event> events, List<ProviderCall> calls) {
        return new AvatarTurn(
                index,
                events.size(),
                firstTime(events, event -> !event.path("stage").asString().equals("held")),
                firstTime(events, event -> event.path("status").asString().equals("succeeded")),
                calls.stream().mapToLong(ProviderCall::startNanos).min().orElseThrow(),
                calls.stream()
                        .mapToLong(call -> call.endNanos().orElseThrow())
                        .max()
                        .orElseThrow());
    }

    /** Whether it had its turn and had not ended when that of another one came. */
    boolean isUnderWayAtReleaseOf(AvatarTurn other) {
        return !released.isAfter(other.released) && ended.isAfter(other.released);
    }

    /** Whether the provider still worked on it when the first call about another one came. */
    boolean isUnderWayAtFirstCallOf(AvatarTurn other) {
        return firstCall - other.firstCall <= 0 && lastAnswer - other.firstCall > 0;
    }

    private static Instant firstTime(List<Event> events, Predicate<JsonNode> condition) {
        return events.stream()
                .map(event -> JSON.readTree(event.text()))
                .filter(condition)
                .map(event -> Instant.parse(event.path("at").asString()).truncatedTo(ChronoUnit.MILLIS))
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
