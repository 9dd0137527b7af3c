package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Catalogue;

/** The problem of a request that names an unknown model. */
public final class ModelNotFound {

    private ModelNotFound() {}

    /** The problem, which lists the models that exist, in its detail and in the member {@code models}. */
    public static Problem problem(Catalogue catalogue, String name) {
        return new Problem(ProblemKind.MODEL_NOT_FOUND, catalogue.unknownMessage(name)).with("models", catalogue.ids());
    }
}
