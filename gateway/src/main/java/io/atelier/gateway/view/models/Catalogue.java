package io.atelier.gateway.view.models;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models that clients can name. Immutable. */
public final class Catalogue {

    /** The name that stands for the catalogue's own choice. */
    public static final String AUTO = "auto";

    private final Map<String, Model> models = new LinkedHashMap<>();
    private final Model standard;

    /**
     * @param standard the id of the model that {@code auto} stands for
     * @throws IllegalArgumentException if two models have one name, {@code standard} is not among those enabled, or a model falls back on
     *     one that is not described
     */
    public Catalogue(String standard, List<Model> described) {
        for (var model : described) {
            if (model.enabled() && (AUTO.equals(model.id()) || models.putIfAbsent(model.id(), model) != null)) {
                throw new IllegalArgumentException("The catalogue may not call (another) model '" + model.id() + "'");
            }
        }
        this.standard = find(standard)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The catalogue's standard model is '" + standard + "', but it has only: " + names()));
        var known = described.stream().map(Model::id).toList();
        described.forEach(model -> checkFallbacks(model, known));
    }

    private static void checkFallbacks(Model model, List<String> known) {
        for (var fallback : model.fallbacks()) {
            if (fallback.equals(model.id()) || !known.contains(fallback)) {
                throw new IllegalArgumentException(
                        "The catalogue's model '%s' falls back on '%s', which is no other model of it"
                                .formatted(model.id(), fallback));
            }
        }
    }

    /** The models that are asked if this one fails, unless the request names some: those that are enabled. */
    public List<Model> fallbacksOf(Model model) {
        return model.fallbacks().stream()
                .distinct()
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /**
     * Makes sure that every order has a topic to go to.
     *
     * @param pools those that have one
     * @throws IllegalArgumentException if a model's pool is not among them
     */
    public void requirePools(Collection<String> pools) {
        for (var model : models.values()) {
            if (!pools.contains(model.pool())) {
                throw new IllegalArgumentException(
                        "The catalogue's model '%s' belongs to the pool '%s', but there are only: %s. Add it to ATELIER_POOLS."
                                .formatted(model.id(), model.pool(), String.join(", ", pools)));
            }
        }
    }

    /** The model of that name, or the standard one for {@code auto}. */
    public Optional<Model> find(String name) {
        return Optional.ofNullable(AUTO.equals(name) ? standard : models.get(name));
    }

    public List<Model> all() {
        return List.copyOf(models.values());
    }

    public boolean isStandard(Model model) {
        return model.equals(standard);
    }

    /** The ids of all models, in the catalogue's order. */
    public List<String> ids() {
        return List.copyOf(models.keySet());
    }

    /** Explains that no model has this name, and which names are known. */
    public String unknownMessage(String name) {
        return "There is no model '%s'. Known models: %s; '%s' stands for %s."
                .formatted(shortened(name), names(), AUTO, standard.id());
    }

    private static String shortened(String name) {
        return name.length() <= 128 ? name : name.substring(0, 128) + "...";
    }

    private String names() {
        return String.join(", ", models.keySet());
    }
}
