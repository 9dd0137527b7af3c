package io.atelier.generator.engine;

/**
 * Whether an engine can be used.
 *
 * @param detail for the operator: the missing settings, or how the engine fails; empty if it is ready
 */
public record EngineStatus(Condition condition, String detail) {

    public static final EngineStatus READY = new EngineStatus(Condition.READY, "");

    /**
     * The status of an engine that lacks required settings.
     *
     * @param missing the names of the missing settings
     */
    public static EngineStatus notConfigured(String missing) {
        return new EngineStatus(Condition.NOT_CONFIGURED, missing);
    }

    public boolean configured() {
        return condition != Condition.NOT_CONFIGURED;
    }

    /** The conditions of an engine. */
    public enum Condition {
        /** Accepts requests. */
        READY,
        /** Lacks a setting, such as an address or a key, and rejects all requests. */
        NOT_CONFIGURED,
        /** Its server failed so often that the circuit breaker rejects calls for a while. */
        FAILING
    }
}
