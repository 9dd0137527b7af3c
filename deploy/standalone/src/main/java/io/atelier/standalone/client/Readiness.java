package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gateway said of its readiness.
 *
 * @param state whether it accepts requests, and otherwise how far it is
 * @param reason what is wrong, in words for users and without a full stop; the empty string if nothing is known to be. A gateway that accepts
 *     requests may have a reason why they do not go on, such as a store that is away
 */
public record Readiness(State state, String reason) {

    private static final JsonMapper JSON = new JsonMapper();

    private static final int OK = 200;

    /** The checks of {@code /readyz} that pass by themselves. The gateway has no notice of them. */
    private static final Map<String, String> PASSING_STATES =
            Map.of("view", "it has not yet read all jobs", "accepting", "it is starting or stopping");

    /** Other checks, for the seconds before the gateway has a notice of what is wrong. */
    private static final Map<String, String> SHORTAGES = Map.of(
            "broker", "no Kafka broker answers",
            "disk", "its disk has too little free space",
            "object_store", "the object store does not answer");

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
        SILENT,
        /** It has not answered in the short time that was left before a deadline. */
        CUT_SHORT
    }

    public boolean isReady() {
        return state == State.READY;
    }

    /** Whether anything was found out. */
    public boolean isKnown() {
        return isReady() || !reason.isEmpty();
    }

    /** This one, or the earlier one if that says more: a gateway that had a reason and is then cut short by a deadline still has it. */
    public Readiness orEarlier(Readiness earlier) {
        boolean saysMore = earlier.state == State.NOT_READY || earlier.state == State.SILENT;
        return !isKnown() || (state == State.CUT_SHORT && saysMore) ? earlier : this;
    }

    /** @param cutShort whether that was less than the usual time */
    static Readiness silent(long seconds, boolean cutShort) {
        return new Readiness(
                cutShort ? State.CUT_SHORT : State.SILENT,
                "it does not answer within %d s; it may be suspended, overloaded or out of memory".formatted(seconds));
    }

    /**
     * Reads the response of {@code /readyz}.
     *
     * @param notices the sentences of the gateway about what is wrong; only asked for if something is
     */
    static Readiness of(int status, String body, Supplier<List<String>> notices) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException e) {
            answer = JSON.createObjectNode();
        }
        if (status == OK) {
            boolean degraded = answer.path("status").asString("").equals("degraded");
            return degraded ? new Readiness(State.READY, sentence(String.join(" ", notices.get()))) : READY;
        }
        return new Readiness(State.NOT_READY, sentence(reason(status, answer, notices.get())));
    }

    private static String reason(int status, JsonNode answer, List<String> notices) {
        var failed = answer.path("checks").properties().stream()
                .filter(check -> !check.getValue().asBoolean(true))
                .map(Map.Entry::getKey)
                .toList();
        var reasons = new ArrayList<String>();
        failed.stream()
                .filter(PASSING_STATES::containsKey)
                .map(PASSING_STATES::get)
                .forEach(reasons::add);
        var shortages = failed.stream()
                .filter(check -> !PASSING_STATES.containsKey(check))
                .toList();
        // The notice of a new shortage comes some seconds later than its check fails.
        if (notices.size() < shortages.size()) {
            shortages.stream()
                    .map(check -> SHORTAGES.getOrDefault(check, "its check '" + check + "' fails"))
                    .forEach(reasons::add);
        }
        var sentences = new ArrayList<String>();
        if (!reasons.isEmpty()) {
            sentences.add(String.join(", and ", reasons) + (notices.isEmpty() ? "" : "."));
        }
        sentences.addAll(notices);
        return sentences.isEmpty()
                ? answer.path("detail").asString("it answers with HTTP status " + status)
                : String.join(" ", sentences);
    }

    /** For the middle of a message: with a small letter first, unless it begins an abbreviation, and without a full stop. */
    private static String sentence(String text) {
        var open = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean word = open.length() > 1 && Character.isLowerCase(open.charAt(1));
        return word ? Character.toLowerCase(open.charAt(0)) + open.substring(1) : open;
    }
}
