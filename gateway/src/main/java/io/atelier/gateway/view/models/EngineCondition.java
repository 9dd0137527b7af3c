package io.atelier.gateway.view.models;

/**
 * The condition of an engine, as the workers of a pool report it.
 *
 * @param state one of the constants below
 * @param detail for people: the missing setting, or the failure; the empty string if there is none
 */
public record EngineCondition(String state, String detail) {

    /** A live worker can generate with it. */
    public static final String READY = "ready";

    /** Its provider failed so often that no requests are sent to it for a while. */
    public static final String FAILING = "failing";

    /** Live workers have it, but each of them lacks a setting, or cannot use the files of its model. */
    public static final String NOT_CONFIGURED = "not_configured";

    /** No live worker has it. */
    public static final String NO_WORKER = "no_worker";

    public boolean is(String other) {
        return state.equals(other);
    }
}
