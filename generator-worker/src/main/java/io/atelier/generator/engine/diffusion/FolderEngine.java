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
import io.atelier.generator.engine.SourceImages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The engine of a folder of the models folder. A run that fails because the folder was replaced meanwhile is made once more, with the new content.
 * Thread-safe.
 */
final class FolderEngine implements LocalEngine {

    private final LocalEngine engine;
    private final FolderState state;
    private final Function<FolderEngine, Optional<FolderEngine>> successors;

    /**
     * @param engine of the content that the folder has now
     * @param state of the folder before the engine was opened
     * @param successors finds the engine of the content that has replaced that of an engine; empty if it is the same; fails if the folder is gone
     */
    FolderEngine(LocalEngine engine, FolderState state, Function<FolderEngine, Optional<FolderEngine>> successors) {
        this.engine = engine;
        this.state = state;
        this.successors = successors;
    }

    /** Whether another engine is to be opened for the folder, which has this state now. */
    boolean isOutdated(FolderState now) {
        return engine.isToBeOpenedAgain() || (now.isKnown() && !now.equals(state));
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public String device() {
        return engine.device();
    }

    @Override
    public List<String> devices() {
        return engine.devices();
    }

    @Override
    public Set<Capability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public EngineStatus status() {
        return engine.status();
    }

    @Override
    public Optional<LocalModel> announcement() {
        return engine.announcement();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        return run(current -> current.generate(request, run));
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        return run(current -> current.edit(request, sources, run));
    }

    @Override
    public void unload() {
        engine.unload();
    }

    @Override
    public void close() {
        engine.close();
    }

    private List<GeneratedImage> run(Function<LocalEngine, List<GeneratedImage>> run) {
        try {
            return run.apply(engine);
        } catch (GenerationFailed e) {
            if (!isOfFolder(e)) {
                throw e;
            }
            var successor = successors.apply(this).orElseThrow(() -> e);
            return withNewContent(successor.engine, run);
        }
    }

    /** The new content may still be arriving, so its failure is not final. */
    private static List<GeneratedImage> withNewContent(
            LocalEngine engine, Function<LocalEngine, List<GeneratedImage>> run) {
        try {
            return run.apply(engine);
        } catch (GenerationFailed e) {
            throw e.failure().code() == Code.NOT_CONFIGURED
                    ? new GenerationFailed(
                            new Failure(Code.ENGINE_UNAVAILABLE, e.failure().message()), e)
                    : e;
        }
    }

    private static boolean isOfFolder(GenerationFailed failure) {
        var code = failure.failure().code();
        return code == Code.NOT_CONFIGURED || code == Code.ENGINE_UNAVAILABLE;
    }
}
