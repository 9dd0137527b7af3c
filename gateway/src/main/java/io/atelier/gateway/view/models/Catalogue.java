package io.atelier.gateway.view.models;

import io.atelier.contract.work.LocalModel;
import io.atelier.messaging.settings.SettingRefused;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The models that requests can name: those of the settings, and those that workers announce. A model that its maker has shut down is left
 * out; its name is an alias then. Thread-safe.
 */
public final class Catalogue {

    /** The name that clients use for the standard model. */
    public static final String AUTO = "auto";

    private final Map<String, Model> models = new LinkedHashMap<>();
    private final Map<String, ModelRetirement> retirements = new LinkedHashMap<>();

    /** The ids of all described models, also of those that are not enabled: a model of a worker is not to change its name when one becomes enabled. */
    private final Set<String> described;

    private final String standard;
    private final InstantSource clock;
    private final LocalModels localModels;

    /** The pools that have a topic; empty while that is not known. */
    private volatile Set<String> pools = Set.of();

    /** A catalogue without retirements and without models of workers. */
    public Catalogue(String standard, List<Model> described) {
        this(standard, described, List.of(), LocalModels.NONE, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /**
     * @param standard the id of the model that {@code auto} stands for
     * @param described all models, also those that are not enabled
     * @param retired the models that their makers shut down
     * @param localModels the models of workers; one with an id that is described, whose name is retired, or that is called {@value #AUTO}, is left out
     * @param clock for the question which of them are shut down by now
     * @throws SettingRefused if two enabled models have the same id or one is called {@code auto}, {@code standard} is not enabled,
     *     a fallback is not another described model, or a model is replaced by none that stays
     */
    public Catalogue(
            String standard,
            List<Model> described,
            List<ModelRetirement> retired,
            LocalModels localModels,
            InstantSource clock) {
        this.localModels = localModels;
        this.clock = clock;
        for (var model : described) {
            if (model.enabled() && (AUTO.equals(model.id()) || models.putIfAbsent(model.id(), model) != null)) {
                throw new SettingRefused(
                        "The model id '" + model.id() + "' is reserved or used twice in the catalogue");
            }
        }
        var known = described.stream().map(Model::id).toList();
        this.described = Set.copyOf(known);
        retired.forEach(retirement -> addRetirement(retirement, retired, known));
        this.standard = standard;
        if (named(standard).isEmpty()) {
            throw new SettingRefused("The standard model '" + standard
                    + "' is not an enabled model of the catalogue. Enabled models: " + names());
        }
        described.forEach(model -> checkFallbacks(model, known));
    }

    private void addRetirement(ModelRetirement retirement, List<ModelRetirement> all, List<String> known) {
        var replacement = retirement.replacedBy();
        boolean stays = known.contains(replacement)
                && all.stream().map(ModelRetirement::model).noneMatch(replacement::equals);
        if (!stays) {
            throw new SettingRefused(
                    "The replacement '%s' of the model '%s' is not a model of the catalogue that stays. Name one without a retirement."
                            .formatted(replacement, retirement.model()));
        }
        if (AUTO.equals(retirement.model()) || retirements.putIfAbsent(retirement.model(), retirement) != null) {
            throw new SettingRefused(
                    "The model '%s' cannot be retired, or is retired twice".formatted(retirement.model()));
        }
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
                .flatMap(id -> find(id).stream())
                .filter(fallback -> !fallback.equals(model))
                .distinct()
                .toList();
    }

    /**
     * Checks that the pool of every model has a topic. Models of workers in other pools are left out from now on.
     *
     * @param pools the pools that have one
     * @throws SettingRefused if a model's pool is not among them
     */
    public void requirePools(Collection<String> pools) {
        this.pools = Set.copyOf(pools);
        for (var model : models.values()) {
            if (!pools.contains(model.pool())) {
                throw new SettingRefused(
                        "The model '%s' belongs to the pool '%s', which does not exist. Pools: %s. Add it to ATELIER_POOLS."
                                .formatted(model.id(), model.pool(), String.join(", ", pools)));
            }
        }
    }

    /** The enabled model with this id, the standard one for {@code auto}, or the one in place of a model that was shut down. */
    public Optional<Model> find(String name) {
        return named(AUTO.equals(name) ? standard : name);
    }

    private Optional<Model> named(String id) {
        var current = alias(id).map(ModelRetirement::replacedBy).orElse(id);
        return Optional.ofNullable(models.get(current))
                .or(() -> local().filter(model -> model.id().equals(current)).findFirst());
    }

    private Stream<Model> local() {
        return localModels.all().stream()
                .filter(model -> pools.isEmpty() || pools.contains(model.pool()))
                .filter(model -> !isReserved(model.id()));
    }

    /** The retirement because of which requests for this name get another model; empty if they do not. */
    public Optional<ModelRetirement> alias(String name) {
        return retirement(name).filter(this::isOver);
    }

    /** The retirements whose models were shut down, and whose replacements are enabled. */
    public List<ModelRetirement> aliases() {
        return retirements.values().stream()
                .filter(this::isOver)
                .filter(retirement -> models.containsKey(retirement.replacedBy()))
                .toList();
    }

    /** The retirement of a model, also one to come; empty if its maker has announced none. */
    public Optional<ModelRetirement> retirement(String id) {
        return Optional.ofNullable(retirements.get(id));
    }

    private boolean isOver(ModelRetirement retirement) {
        return !LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).isBefore(retirement.shutdown());
    }

    /** All enabled models that were not shut down, in the order of the catalogue; then those of workers. */
    public List<Model> all() {
        var described =
                models.values().stream().filter(model -> alias(model.id()).isEmpty());
        return Stream.concat(described, local()).toList();
    }

    public boolean isStandard(Model model) {
        return find(AUTO).filter(model::equals).isPresent();
    }

    /** The ids of {@link #all}. */
    public List<String> ids() {
        return all().stream().map(Model::id).toList();
    }

    /** Why a model that workers have in a folder is not among {@link #all}; empty if there is no such folder, and of all other models. */
    public Optional<String> whyUnusable(String name) {
        return find(name).isPresent() ? Optional.empty() : localModels.whyUnusable(name);
    }

    /** Why requests never get the model of a folder of this name, which workers may be able to run; empty if its name is free. */
    public Optional<String> whyHidden(String folder) {
        var engine = LocalModel.engineOf(folder);
        boolean isDescribed =
                models.values().stream().anyMatch(model -> model.engine().equals(engine));
        if (isDescribed || !isReserved(folder)) {
            return Optional.empty();
        }
        return Optional.of("%s, so this folder is not used. Rename it, for example to my-%s."
                .formatted(whyReserved(folder), folder));
    }

    private String whyReserved(String name) {
        if (AUTO.equals(name)) {
            return "Requests for 'auto' get the standard model";
        }
        boolean isDisabled = !models.containsKey(name) && !retirements.containsKey(name);
        return "The catalogue has the model '%s', which %s"
                .formatted(name, isDisabled ? "is not enabled" : "requests for this name get");
    }

    private boolean isReserved(String name) {
        return AUTO.equals(name) || described.contains(name) || retirements.containsKey(name);
    }

    /** An error message for a name that no enabled model has. */
    public String unknownMessage(String name) {
        return whyUnusable(name)
                .map(reason -> "The model '%s' cannot be used. %s Known models: %s."
                        .formatted(shortened(name), reason, names()))
                .orElseGet(() -> "There is no model '%s'. Known models: %s; '%s' stands for %s."
                        .formatted(shortened(name), names(), AUTO, standard));
    }

    private static String shortened(String name) {
        return name.length() <= 128 ? name : name.substring(0, 128) + "...";
    }

    private String names() {
        return String.join(", ", ids());
    }
}
