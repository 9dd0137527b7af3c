package io.atelier.generator.engine;

/**
 * How an engine does.
 *
 * @param detail for people: the settings that are missing, or how it fails; the empty string if there is nothing to say
 */
public record EngineStatus(Condition condition, String detail) {

    public static final EngineStatus READY = new EngineStatus(Condition.READY, "");

    /**
     * The status of an engine that cannot be asked.
     *
     * @param what is missing, with the names of the settings
     */
    public static EngineStatus notConfigured(String what) {
        return new EngineStatus(Condition.NOT_CONFIGURED, what);
    }

    public boolean configured() {
        return condition != Condition.NOT_CONFIGURED;
    }

    /** The conditions of an engine. */
    public enum Condition {
        /** Draws when it is asked. */
        READY,
        /** Lacks a setting, such as an address or a key: whatever it is asked, it refuses at once. */
        NOT_CONFIGURED,
        /** What is behind it failed so often that it is left alone for a while. */
        FAILING
    }
}
