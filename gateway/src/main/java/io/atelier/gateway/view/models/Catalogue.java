package io.atelier.gateway.view.models;

import io.atelier.messaging.settings.SettingRefused;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models that requests can name. Immutable. */
public final class Catalogue {

    /** The name that clients use for the standard model. */
    public static final String AUTO = "auto";

    private final Map<String, Model> models = new LinkedHashMap<>();
    private final Model standard;

    /**
     * @param standard the id of the model that {@code auto} stands for
     * @param described all models, also those that are not enabled
     * @throws SettingRefused if two enabled models have the same id or one is called {@code auto}, {@code standard} is not enabled,
     *     or a fallback is not another described model
     */
    public Catalogue(String standard, List<Model> described) {
        for (var model : described) {
            if (model.enabled() && (AUTO.equals(model.id()) || models.putIfAbsent(model.id(), model) != null)) {
                throw new SettingRefused(
                        "The model id '" + model.id() + "' is reserved or used twice in the catalogue");
            }
        }
        this.standard = find(standard)
                .orElseThrow(() -> new SettingRefused("The standard model '" + standard
                        + "' is not an enabled model of the catalogue. Enabled models: " + names()));
        var known = described.stream().map(Model::id).toList();
        described.forEach(model -> checkFallbacks(model, known));
    }

    private static void checkFallbacks(Model model, List<String> known) {
        for (var fallback : model.fallbacks()) {
            if (fallback.equals(model.id()) || !known.contains(fallback)) {
                throw new SettingRefused("The fallback '%2$s' of the model '%1$s' is not another model of the catalogue"
                        .formatted(model.id(), fallback));
            }
        }
    }

    /** The enabled models that are tried in this order when this one fails, unless the request names its own. */
    public List<Model> fallbacksOf(Model model) {
        return model.fallbacks().stream()
                .distinct()
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /**
     * Checks that the pool of every model has a topic.
     *
     * @param pools the pools that have one
     * @throws SettingRefused if a model's pool is not among them
     */
    public void requirePools(Collection<String> pools) {
        for (var model : models.values()) {
            if (!pools.contains(model.pool())) {
                throw new SettingRefused(
                        "The model '%s' belongs to the pool '%s', which does not exist. Pools: %s. Add it to ATELIER_POOLS."
                                .formatted(model.id(), model.pool(), String.join(", ", pools)));
            }
        }
    }

    /** The enabled model with this id, or the standard one for {@code auto}. */
    public Optional<Model> find(String name) {
        return Optional.ofNullable(AUTO.equals(name) ? standard : models.get(name));
    }

    /** All enabled models, in the order of the catalogue. */
    public List<Model> all() {
        return List.copyOf(models.values());
    }

    public boolean isStandard(Model model) {
        return model.equals(standard);
    }

    /** The ids of all enabled models, in the order of the catalogue. */
    public List<String> ids() {
        return List.copyOf(models.keySet());
    }

    /** An error message for a name that no enabled model has. */
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
