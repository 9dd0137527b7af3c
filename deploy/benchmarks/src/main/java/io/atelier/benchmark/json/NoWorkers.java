package io.atelier.benchmark.json;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelLoad;
import java.util.Map;
import java.util.Optional;

/** No live worker; a job that has ended needs none. */
final class NoWorkers implements ModelAvailability {

    @Override
    public LiveWorkers of(String pool) {
        return LiveWorkers.NONE;
    }

    @Override
    public LiveWorkers of(String pool, String engine) {
        return LiveWorkers.NONE;
    }

    @Override
    public boolean lacks(String pool, String engine) {
        return true;
    }

    @Override
    public boolean lacks(GenerationRequest request) {
        return true;
    }

    @Override
    public boolean lacksSplitter() {
        return true;
    }

    @Override
    public EngineCondition condition(String pool, String engine) {
        throw new UnsupportedOperationException("A job that has ended is shown without the condition of its engine.");
    }

    @Override
    public Optional<ModelLoad> load(String pool, String engine) {
        return Optional.empty();
    }

    @Override
    public Optional<ModelLoad> load(String engine) {
        return Optional.empty();
    }

    @Override
    public Map<String, EngineCondition> conditions() {
        return Map.of();
    }
}
