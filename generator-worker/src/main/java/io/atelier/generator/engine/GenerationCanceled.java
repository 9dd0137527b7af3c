package io.atelier.generator.engine;

/** A run stopped because it was told to; the device is free again. */
public final class GenerationCanceled extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public GenerationCanceled() {
        super("The run was told to stop.");
    }
}
