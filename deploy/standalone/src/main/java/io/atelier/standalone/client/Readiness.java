package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gateway said of its readiness.
 *
 * @param state whether it accepts requests, and otherwise how far it is
 * @param reason what it lacks, in words for users; the empty string if it is ready
 */
public record Readiness(State state, String reason) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Each check of {@code /readyz}, and what is the matter when it fails. */
    private static final Map<String, String> FAILED_CHECKS = failedChecks();

    /** Nothing was asked yet, or there was no time for an answer. */
    public static final Readiness UNKNOWN = new Readiness(State.CLOSED, "");

    static final Readiness READY = new Readiness(State.READY, "");
    static final Readiness CLOSED = new Readiness(State.CLOSED, "it does not listen on its port yet, or not any more");

    /** How far a gateway is. */
    public enum State {
        /** It accepts requests. */
        READY,
        /** It answers that it is not ready. */
        NOT_READY,
        /** It accepts no connection. */
        CLOSED,
        /** It does not answer. */
        SILENT
    }

    public boolean isReady() {
        return state == State.READY;
    }

    /** Whether anything was found out. */
    public boolean isKnown() {
        return isReady() || !reason.isEmpty();
    }

    static Readiness silent(long seconds) {
        return new Readiness(
                State.SILENT,
                "it does not answer within %d s; it may be suspended, overloaded or out of memory".formatted(seconds));
    }

    /** Reads the error response of {@code /readyz}. */
    static Readiness notReady(int status, String body) {
        var reasons = new ArrayList<String>();
        try {
            var problem = JSON.readTree(body);
            problem.path("checks").properties().stream()
                    .filter(check -> !check.getValue().asBoolean(true))
                    .map(check ->
                            FAILED_CHECKS.getOrDefault(check.getKey(), "its check '" + check.getKey() + "' fails"))
                    .forEach(reasons::add);
            if (reasons.isEmpty()) {
                reasons.add(problem.path("detail").asString("it answers with HTTP status " + status));
            }
        } catch (JacksonException e) {
            reasons.add("it answers with HTTP status " + status);
        }
        return new Readiness(State.NOT_READY, joined(reasons));
    }

    private static String joined(List<String> reasons) {
        return String.join(", and ", reasons);
    }

    private static Map<String, String> failedChecks() {
        var words = new LinkedHashMap<String, String>();
        words.put("broker", "no Kafka broker answers");
        words.put("view", "it has not yet read all jobs");
        words.put("accepting", "it is starting or stopping");
        words.put("disk", "its disk has too little free space");
        words.put("object_store", "the object store does not answer");
        return words;
    }
}
