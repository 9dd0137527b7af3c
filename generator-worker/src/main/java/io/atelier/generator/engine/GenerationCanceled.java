package io.atelier.generator.engine;

/** A run ended because it was canceled; its device is free again. */
public final class GenerationCanceled extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public GenerationCanceled() {
        super("The run was canceled.");
    }
}
