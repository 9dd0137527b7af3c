package io.atelier.client;

/** A generation did not end within the wait. It goes on. */
public final class GenerationPending extends AtelierException {

    private static final long serialVersionUID = 1L;

    private final transient GenerationView generation;

    GenerationPending(GenerationView generation) {
        super("The generation %s has not ended yet; it is %s.".formatted(generation.id(), generation.stage()), null);
        this.generation = generation;
    }

    /** The generation in its present state. */
    public GenerationView generation() {
        return generation;
    }
}
