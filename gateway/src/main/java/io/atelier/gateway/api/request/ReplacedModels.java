package io.atelier.gateway.api.request;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelRetirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the models that a request names, and collects a warning for each name whose model was shut down. Not thread-safe. */
final class ReplacedModels {

    /** The code of the warnings. */
    static final String CODE = "model-replaced";

    private final Catalogue catalogue;
    private final List<Job.Warning> warnings = new ArrayList<>();

    ReplacedModels(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The model that a request for this name gets; empty if there is none. */
    Optional<Model> find(String name) {
        var model = catalogue.find(name);
        if (model.isPresent()) {
            catalogue.alias(name).ifPresent(retirement -> warnings.add(warning(retirement)));
        }
        return model;
    }

    /** The warnings so far. */
    List<Job.Warning> warnings() {
        return List.copyOf(warnings);
    }

    /** The same problem, which also says of which name of the request its models are the replacement. */
    Problem explained(Problem problem) {
        var reasons = warnings.stream().map(Job.Warning::message).collect(Collectors.joining(" "));
        return reasons.isEmpty() ? problem : problem.as(problem.kind(), problem.detail() + " " + reasons);
    }

    /** The warning of a request whose model was shut down. */
    static Job.Warning warning(ModelRetirement retirement) {
        return new Job.Warning(
                CODE,
                "The model '%1$s' was shut down by its maker on %2$s; '%3$s' takes its place. Name '%3$s' in your requests."
                        .formatted(retirement.model(), retirement.shutdown(), retirement.replacedBy()),
                null);
    }
}
