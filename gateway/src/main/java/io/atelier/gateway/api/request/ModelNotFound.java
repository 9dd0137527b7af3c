package io.atelier.gateway.api.request;

import io.atelier.contract.work.LocalModel;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Catalogue;

/** The problem of a request that names an unknown model, or one whose folder no worker can use. */
public final class ModelNotFound {

    private ModelNotFound() {}

    /** The problem, which lists the models that exist, in its detail and in the member {@code models}. */
    public static Problem problem(Catalogue catalogue, String name) {
        return new Problem(ProblemKind.MODEL_NOT_FOUND, catalogue.unknownMessage(name)).with("models", catalogue.ids());
    }

    /** The problem of a new job: of kind {@code NOT_CONFIGURED} if a worker has the model in a folder that cannot be used, else {@link #problem}. */
    static Problem ofJob(Catalogue catalogue, String name) {
        return catalogue
                .whyUnusable(name)
                .map(reason -> EngineNotConfigured.problem(LocalModel.engineOf(name), name, reason))
                .orElseGet(() -> problem(catalogue, name));
    }
}
