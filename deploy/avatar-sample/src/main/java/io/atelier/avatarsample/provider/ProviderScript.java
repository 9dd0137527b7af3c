package io.atelier.avatarsample.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the scripted provider behaves. Immutable.
 *
 * @param delays from the receipt of a call to the answer of an endpoint; none if it is absent
 * @param firstAnswers those to the first calls of an endpoint, in order
 * @param answersByMarker those to calls about certain personas, always
 * @param barriers at which calls wait for each other
 * @param side of the images, in pixels, 64 to 2048 and a multiple of 64
 */
public record ProviderScript(
        Map<ProviderEndpoint, Duration> delays,
        Map<ProviderEndpoint, List<ScriptedAnswer>> firstAnswers,
        List<MarkedAnswer> answersByMarker,
        List<Barrier> barriers,
        int side) {

    private static final int DEFAULT_SIDE = 1024;

    public ProviderScript {
        if (side < 64 || side > 2048 || side % 64 != 0) {
            throw new IllegalArgumentException("side is %d, and must be a multiple of 64, 64 to 2048".formatted(side));
        }
        delays = Map.copyOf(delays);
        firstAnswers = Map.copyOf(firstAnswers);
        answersByMarker = List.copyOf(answersByMarker);
        barriers = List.copyOf(barriers);
    }

    /** Answers every call at once, with images of OpenAI's smallest size. */
    public static ProviderScript immediate() {
        return new ProviderScript(Map.of(), Map.of(), List.of(), List.of(), DEFAULT_SIDE);
    }

    public ProviderScript withDelay(ProviderEndpoint endpoint, Duration delay) {
        var changed = new EnumMap<ProviderEndpoint, Duration>(ProviderEndpoint.class);
        changed.putAll(delays);
        changed.put(endpoint, delay);
        return new ProviderScript(changed, firstAnswers, answersByMarker, barriers, side);
    }

    /** The first calls of the endpoint are answered with these, whatever persona they are about. */
    public ProviderScript withFirstAnswers(ProviderEndpoint endpoint, ScriptedAnswer... answers) {
        var changed = new EnumMap<ProviderEndpoint, List<ScriptedAnswer>>(ProviderEndpoint.class);
        changed.putAll(firstAnswers);
        changed.put(endpoint, List.of(answers));
        return new ProviderScript(delays, changed, answersByMarker, barriers, side);
    }

    /** Each call of the endpoint about a persona whose texts contain the marker is answered with this. */
    public ProviderScript withAnswerTo(ProviderEndpoint endpoint, String marker, ScriptedAnswer answer) {
        var changed = new ArrayList<>(answersByMarker);
        changed.add(new MarkedAnswer(endpoint, marker, answer));
        return new ProviderScript(delays, firstAnswers, changed, barriers, side);
    }

    /**
     * Calls of these endpoints are answered when so many of them are under way, and then again for the next so many. A client that never has so
     * many at once gets no answer: a proof that calls overlap, without a clock.
     */
    public ProviderScript withBarrier(int calls, ProviderEndpoint... endpoints) {
        var changed = new ArrayList<>(barriers);
        changed.add(new Barrier(calls, Set.of(endpoints)));
        return new ProviderScript(delays, firstAnswers, answersByMarker, changed, side);
    }

    public ProviderScript withSide(int pixels) {
        return new ProviderScript(delays, firstAnswers, answersByMarker, barriers, pixels);
    }

    /**
     * A place where calls wait for each other.
     *
     * @param calls how many
     * @param endpoints of the calls
     */
    public record Barrier(int calls, Set<ProviderEndpoint> endpoints) {

        public Barrier {
            endpoints = Set.copyOf(endpoints);
        }
    }

    /** An answer to the calls about one persona. */
    public record MarkedAnswer(ProviderEndpoint endpoint, String marker, ScriptedAnswer answer) {}
}
