package io.atelier.gateway.view.models;

/**
 * How an engine does, as far as the workers of a pool say.
 *
 * @param state one of the words below
 * @param detail for people: what is missing, or how it fails; the empty string if there is nothing to say
 */
public record EngineCondition(String state, String detail) {

    /** A worker draws with it. */
    public static final String READY = "ready";

    /** What is behind it failed so often that it is left alone for a while. */
    public static final String FAILING = "failing";

    /** Workers know it, but all lack a setting. */
    public static final String NOT_CONFIGURED = "not_configured";

    /** Nobody is there who knows it. */
    public static final String NO_WORKER = "no_worker";

    public boolean is(String word) {
        return state.equals(word);
    }
}
