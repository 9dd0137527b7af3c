package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stands for a model folder that cannot be used, and says why. A transient failure is that of a folder that could not be read, but may be later. */
final class UnusableModelEngine implements LocalEngine {

    private final String model;
    private final Failure failure;

    /** A folder that cannot be used until it is changed. */
    UnusableModelEngine(String model, String reason) {
        this(model, new Failure(Code.NOT_CONFIGURED, reason));
    }

    UnusableModelEngine(String model, Failure failure) {
        this.model = model;
        this.failure = failure;
    }

    @Override
    public String name() {
        return LocalModel.engineOf(model);
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public EngineStatus status() {
        return EngineStatus.notConfigured(failure.message());
    }

    @Override
    public boolean isToBeOpenedAgain() {
        return failure.code().isTransient();
    }

    @Override
    public Optional<LocalModel> announcement() {
        return Optional.empty();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        throw new GenerationFailed(failure);
    }
}
