package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Replaces the standard model of avatars by models that need no provider, while its provider is not set up: the standard model of the catalogue
 * makes the base image, and test cards stand for the grids. Thread-safe.
 */
public final class Demonstration {

    /** The code of the warning. */
    static final String CODE = "demonstration";

    private static final String TEST_CARD = "test-card";

    /** The catalogue does not have it if clients cannot name it. */
    private static final Fallback GRIDS = new Fallback(TEST_CARD, null, TEST_CARD, "default", null, null, null);

    private final WorkerRegistry workers;
    private final Catalogue catalogue;

    public Demonstration(WorkerRegistry workers, Catalogue catalogue) {
        this.workers = workers;
        this.catalogue = catalogue;
    }

    /**
     * The demonstration of a request; the request itself if the client named its model, or the provider is set up.
     *
     * @throws Problem if no worker has reported yet whether the provider is set up: a job for a provider that is not would wait for ever
     */
    ParsedRequest inPlaceOf(ParsedRequest parsed) {
        var request = parsed.request();
        if (!request.requestedModel().equals(Catalogue.AUTO)) {
            return parsed;
        }
        var condition = workers.condition(request.pool(), request.engine());
        if (condition.is(EngineCondition.NO_WORKER) && !workers.everHad(request.pool(), request.engine())) {
            throw unknown(request);
        }
        return condition.is(EngineCondition.NOT_CONFIGURED) && workers.everHad(GRIDS.pool(), GRIDS.engine())
                ? base().map(model -> parsed.with(demonstrated(request, model, condition.detail())))
                        .orElse(parsed)
                : parsed;
    }

    private static Problem unknown(GenerationRequest request) {
        return new Problem(
                ProblemKind.STARTING,
                "No generator worker has reported yet whether the engine '%s' of the model '%s' is set up. Repeat the request, or name a model."
                        .formatted(request.engine(), request.model()));
    }

    private Optional<Model> base() {
        return catalogue.find(Catalogue.AUTO).filter(model -> workers.everHad(model.pool(), model.engine()));
    }

    private static GenerationRequest demonstrated(GenerationRequest request, Model model, String missing) {
        var avatar = request.avatar();
        if (avatar == null) {
            return request;
        }
        boolean makesBase = avatar.does(AvatarStep.BASE) && avatar.face() == null;
        var warnings = new ArrayList<>(request.warnings());
        warnings.add(
                new Job.Warning(CODE, message(request, model, makesBase, avatar.does(AvatarStep.GRID), missing), null));
        var chosen = request.withModel(makesBase ? fallback(model) : GRIDS)
                .withAvatar(
                        makesBase && avatar.does(AvatarStep.GRID)
                                ? avatar.toBuilder().gridModel(GRIDS).build()
                                : avatar);
        return chosen.toBuilder().warnings(warnings).build();
    }

    private static String message(
            GenerationRequest request, Model model, boolean makesBase, boolean makesGrids, String missing) {
        var parts = new ArrayList<String>();
        if (makesBase) {
            parts.add("the base image is made by the model '%s'".formatted(model.id()));
        }
        if (makesGrids || !makesBase) {
            parts.add("test cards stand for %s".formatted(makesGrids ? "the grids" : "the base image"));
        }
        return "This is a demonstration, because the engine '%s' of the model '%s' cannot be used: %s. %s"
                .formatted(request.engine(), request.model(), String.join(", and ", parts), missing)
                .strip();
    }

    private static Fallback fallback(Model model) {
        return new Fallback(
                model.id(),
                model.engineModel(),
                model.engine(),
                model.pool(),
                model.standardSteps(),
                model.standardGuidance(),
                model.sizes().standard());
    }
}
