package io.atelier.gateway.api.request;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Routing;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelRetirement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stored request whose model was shut down since: the request for the model that takes its place. Immutable. */
public final class RetiredRequest {

    private final Catalogue catalogue;

    public RetiredRequest(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * The request, or the same one for the replacement of its model, with a warning.
     *
     * @throws Problem of kind {@code VALIDATION_FAILED} if the replacement does not take all that the request sets; of kind {@code
     *     MODEL_NOT_FOUND} if it is not enabled
     */
    public GenerationRequest current(GenerationRequest request) {
        var retirement = catalogue.alias(request.model());
        return request.splitsOnly() || retirement.isEmpty() ? request : replaced(request, retirement.get());
    }

    private GenerationRequest replaced(GenerationRequest request, ModelRetirement retirement) {
        var model = catalogue
                .find(retirement.model())
                .orElseThrow(() -> ModelNotFound.problem(catalogue, retirement.model()));
        var refused = unsupported(request, model);
        if (!refused.isEmpty()) {
            throw new Problem(
                    ProblemKind.VALIDATION_FAILED,
                    "The model '%s' was shut down by its maker on %s. '%s', which takes its place, does not take this request's %s. Send a new request to /v1/generations."
                            .formatted(
                                    retirement.model(), retirement.shutdown(), model.id(), String.join(", ", refused)));
        }
        var warnings = new ArrayList<Job.Warning>(request.warnings());
        if (request.avatar() == null || !request.requestedModel().equals(Catalogue.AUTO)) {
            warnings.add(ReplacedModels.warning(retirement));
        }
        return request.toBuilder()
                .model(model.id())
                .engine(model.engine())
                .pool(model.pool())
                .size(request.leavesSizeOpen() ? model.sizes().standard() : request.size())
                .steps(model.standardSteps())
                .guidanceScale(model.standardGuidance())
                .routing(routing(request, model))
                .warnings(warnings)
                .build();
    }

    private @Nullable Routing routing(GenerationRequest request, Model model) {
        var fallbacks = request.fallbacks().stream()
                .filter(fallback -> !fallback.model().equals(model.id()))
                .filter(fallback -> catalogue.alias(fallback.model()).isEmpty())
                .toList();
        var device = request.device();
        return fallbacks.isEmpty() && model.engineModel() == null && device == null
                ? null
                : new Routing(model.engineModel(), fallbacks).withDevice(device);
    }

    /** The names of the fields of the request that the model does not take. */
    private static List<String> unsupported(GenerationRequest request, Model model) {
        var names = new ArrayList<String>();
        add(names, "size", request.leavesSizeOpen() || model.sizes().allow(request.size()));
        add(names, "n", request.n() <= model.maxImages());
        add(names, "negative_prompt", request.negativePrompt() == null || model.negativePrompt());
        add(names, "images", request.images().size() <= model.maxSources());
        add(names, "base", !changesImages(request) || model.maxSources() > 0);
        add(names, "mask", request.mask() == null || model.masks());
        add(names, "strength", request.strength() == null || model.strength());
        var options = request.optionsOrDefaults();
        add(names, "quality", takes(model.options().quality(), options.quality()));
        add(names, "output.background", takes(model.options().background(), options.background()));
        add(names, "moderation", takes(model.options().moderation(), options.moderation()));
        add(names, "input_fidelity", takes(model.options().inputFidelity(), options.inputFidelity()));
        add(names, "scheduler", takes(model.options().scheduler(), options.scheduler()));
        return names;
    }

    /** Whether the model of an avatar changes images: for grids, unless they have another model, or for a face. */
    private static boolean changesImages(GenerationRequest request) {
        var avatar = request.avatar();
        return avatar != null
                && ((avatar.does(AvatarStep.GRID) && avatar.gridModel() == null) || avatar.face() != null);
    }

    private static boolean takes(List<String> words, @Nullable String word) {
        return word == null || words.contains(word);
    }

    private static void add(List<String> names, String name, boolean isSupported) {
        if (!isSupported) {
            names.add(name);
        }
    }
}
