package io.atelier.gateway.view.workers;

import io.atelier.contract.work.LocalModel;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.LocalModels;
import io.atelier.gateway.view.models.Model;
import java.util.List;
import java.util.Optional;

/** The models that the workers of a registry run themselves, and what is wrong with those that they cannot use. */
public record AnnouncedModels(WorkerRegistry workers) implements LocalModels {

    @Override
    public List<Model> all() {
        return workers.localModels();
    }

    @Override
    public Optional<String> whyUnusable(String name) {
        return Optional.ofNullable(workers.conditions().get(LocalModel.engineOf(name)))
                .filter(condition -> condition.is(EngineCondition.NOT_CONFIGURED))
                .map(EngineCondition::detail);
    }
}
