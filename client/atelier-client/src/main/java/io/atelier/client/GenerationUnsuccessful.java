package io.atelier.client;

import java.util.Optional;

/** A generation ended without images. */
public final class GenerationUnsuccessful extends AtelierException {

    private static final long serialVersionUID = 1L;

    private final transient GenerationView generation;

    GenerationUnsuccessful(GenerationView generation) {
        super(
                "The generation %s %s%s"
                        .formatted(
                                generation.id(),
                                generation.status(),
                                generation.error() == null
                                        ? "."
                                        : ": " + generation.error().message()),
                null);
        this.generation = generation;
    }

    /** The generation in its last state. */
    public GenerationView generation() {
        return generation;
    }

    /** The kind of failure, such as {@code moderation-blocked}; empty if it was canceled or expired without one. */
    public Optional<String> code() {
        var error = generation.error();
        return error == null ? Optional.empty() : Optional.of(error.code());
    }
}
