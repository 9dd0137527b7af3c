package io.atelier.gateway.view.models;

import java.util.List;
import java.util.Optional;

/** The models that workers run themselves and announce. Thread-safe. */
@FunctionalInterface
public interface LocalModels {

    /** No models. */
    LocalModels NONE = List::of;

    /** The models of all known workers, in the order of their ids, each id once. */
    List<Model> all();

    /**
     * Why no live worker can use its folder of a model, although one has it: such a model is not announced, so it is not among {@link #all}. Empty if no
     * folder of the name is known.
     */
    default Optional<String> whyUnusable(String name) {
        return Optional.empty();
    }
}
