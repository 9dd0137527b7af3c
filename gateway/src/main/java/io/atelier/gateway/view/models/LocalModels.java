package io.atelier.gateway.view.models;

import java.util.List;

/** The models that workers run themselves and announce. Thread-safe. */
@FunctionalInterface
public interface LocalModels {

    /** No models. */
    LocalModels NONE = List::of;

    /** The models of all known workers, in the order of their ids, each id once. */
    List<Model> all();
}
