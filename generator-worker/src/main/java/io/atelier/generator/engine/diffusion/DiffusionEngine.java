package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.GenerationRun.ProgressListener;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.diffusion.ModelDevices.Turn;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.diffusion.pipeline.InitialImage;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a diffusion model: of the models folder, or of the one that is part of the worker. Loads the model when it is needed. Thread-safe: runs
 * wait for a device.
 */
final class DiffusionEngine implements LocalEngine {

    /** Changes of an image for which the client names no strength; the default of diffusers. */
    private static final double STANDARD_STRENGTH = 0.8;

    private final Function<SessionFactory, DiffusionPipeline> loader;
    private final ModelTraits traits;
    private final ModelDevices devices;
    private final LoadFailure loadFailure = new LoadFailure(System::nanoTime);
    private volatile @Nullable ModelLoading loading;
    private volatile @Nullable Duration lastLoad;

    /** @param loader loads the model to a device */
    DiffusionEngine(Function<SessionFactory, DiffusionPipeline> loader, ModelTraits traits, ModelDevices devices) {
        this.loader = loader;
        this.traits = traits;
        this.devices = devices;
    }

    @Override
    public String name() {
        return traits.engine();
    }

    @Override
    public String device() {
        return String.join(",", devices.names());
    }

    @Override
    public List<String> devices() {
        return devices.names();
    }

    @Override
    public Set<Capability> capabilities() {
        var capabilities =
                EnumSet.of(Capability.SIZE, Capability.SEED, Capability.STEPS, Capability.PROGRESS, Capability.CANCEL);
        if (traits.hasGuidance()) {
            capabilities.add(Capability.GUIDANCE);
        }
        if (traits.readsNegativePrompt()) {
            capabilities.add(Capability.NEGATIVE_PROMPT);
        }
        if (traits.description().imageToImage()) {
            capabilities.addAll(Set.of(Capability.EDIT, Capability.MASK, Capability.STRENGTH));
        }
        return capabilities;
    }

    @Override
    public EngineStatus status() {
        var failure = loadFailure.problem();
        if (!failure.isEmpty()) {
            return EngineStatus.notConfigured(failure);
        }
        var problem = devices.problem(
                traits.description().name(), device -> traits.leastNeed(device).total());
        return problem.isEmpty() ? EngineStatus.READY : EngineStatus.notConfigured(problem);
    }

    /** Nothing while the files could not be loaded. A model that does not fit is announced: a setting is missing, and not a file. */
    @Override
    public Optional<LocalModel> announcement() {
        if (!loadFailure.problem().isEmpty()) {
            return Optional.empty();
        }
        var current = loading;
        return traits.announcement(devices.isLoaded(this), devices.left(traits::memoryBytes))
                .map(model -> model.withLoading(current == null ? null : current.estimate()));
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        return generate(request, null, run);
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        if (!traits.description().imageToImage()) {
            return LocalEngine.super.edit(request, sources, run);
        }
        var input = EditInput.of(sources, traits.description());
        long memory = devices.left(traits::memoryBytes);
        var size = input.size(request, traits.usualSize(memory), traits.maxPixels(memory));
        double strength = request.strength() == null ? STANDARD_STRENGTH : request.strength();
        var sized =
                request.toBuilder().size(size).steps(steps(request, strength)).build();
        return generate(sized, input.initialImage(size, strength), run);
    }

    /** Of a change most models do only a share of the steps. Models of one step need more of them, so that one is left. */
    private int steps(GenerationRequest request, double strength) {
        int wanted = request.steps() == null ? traits.description().defaults().steps() : request.steps();
        boolean makesAll = traits.description().family() == PipelineFamily.LATENT_CONSISTENCY;
        return strength > 0 && !makesAll ? Math.max(wanted, (int) Math.ceil(1 / strength)) : wanted;
    }

    @Override
    public void unload() {
        devices.unload(this);
    }

    @Override
    public void close() {
        devices.leave(this);
    }

    private List<GeneratedImage> generate(
            GenerationRequest request, @Nullable InitialImage initial, GenerationRun run) {
        var name = traits.description().name();
        long pixels = pixels(request);
        try (var turn = devices.choose(
                this, request.device(), device -> traits.need(device, pixels, 1).total())) {
            int together = imagesTogether(request, turn);
            var pipelines = new Loader(turn.sessions(), run.progress());
            return turn.cache()
                    .use(
                            this,
                            name,
                            traits.need(turn.device(), pixels, together),
                            pipelines,
                            run.cancellation(),
                            loaded -> generate(loaded, request, together, initial, run));
        } catch (GenerationFailed e) {
            throw judged(e, request);
        }
    }

    /** Only loading, or even only a run, finds some damages of a folder: then the model is not offered for a while. */
    private GenerationFailed judged(GenerationFailed cause, GenerationRequest request) {
        if (cause.failure().code() != Code.NOT_CONFIGURED) {
            return cause;
        }
        if (traits.isBuiltIn()) {
            // All workers have it, but none announces it: another attempt may come to one where it works.
            return new GenerationFailed(
                    new Failure(Code.ENGINE_UNAVAILABLE, cause.failure().message()), cause);
        }
        if (request.optionsOrDefaults().scheduler() == null) {
            loadFailure.failed(cause);
        }
        return cause;
    }

    /** How many images the memory of a device allows in one run. */
    private int imagesTogether(GenerationRequest request, Turn turn) {
        long memory = turn.cache().left(traits.memoryBytes(turn.device()));
        long pixels = pixels(request);
        if (pixels > traits.maxPixels(memory) && traits.leastRun() <= memory) {
            throw new GenerationFailed(new Failure(
                    Code.OUT_OF_MEMORY,
                    "This worker has memory for images of at most %d pixels with the model '%s'; got %s, which are %d. Request a smaller image, or raise ATELIER_MODELS_MEMORY (for a card ATELIER_MODELS_DEVICE_MEMORY)."
                            .formatted(
                                    traits.maxPixels(memory),
                                    traits.description().name(),
                                    request.size(),
                                    pixels)));
        }
        int together = request.n();
        while (together > 1 && traits.run(pixels, together) > memory) {
            together--;
        }
        return together;
    }

    /** Of the size that the model makes. */
    private long pixels(GenerationRequest request) {
        var size = traits.description().geometry().made(request.size());
        return (long) size.width() * size.height();
    }

    /** Loads the model to a device, and reports how far it is. */
    private final class Loader implements ModelLoader<DiffusionPipeline> {

        private final SessionFactory sessions;
        private final ProgressListener listener;

        Loader(SessionFactory sessions, ProgressListener listener) {
            this.sessions = sessions;
            this.listener = listener;
        }

        @Override
        public DiffusionPipeline load() {
            var current = new ModelLoading(traits.description().bytes(), lastLoad, System::nanoTime);
            loading = current;
            try {
                var pipeline = loader.apply(file -> {
                    var network = sessions.load(file);
                    current.loaded(traits.description().bytesOf(file));
                    return network;
                });
                lastLoad = current.elapsed();
                loadFailure.succeeded();
                return pipeline;
            } catch (RuntimeException e) {
                throw unusable(e);
            } finally {
                loading = null;
            }
        }

        /** Files that no reader expects fail in many ways. */
        private GenerationFailed unusable(RuntimeException cause) {
            if (cause instanceof UncheckedIOException unread) {
                return FileFailure.of(
                        "The folder of '%s'".formatted(traits.description().name()),
                        unread,
                        "Export or download the model again.");
            }
            return cause instanceof GenerationFailed failed
                    ? failed
                    : new GenerationFailed(
                            new Failure(
                                    Code.NOT_CONFIGURED,
                                    "The folder of '%s' cannot be loaded: %s. Export or download the model again."
                                            .formatted(traits.description().name(), cause)),
                            cause);
        }

        @Override
        public void onWait() {
            var current = loading;
            if (current != null) {
                var estimate = current.estimate();
                listener.loading((int) Math.round(estimate.progress() * 100), estimate.etaSeconds());
            }
        }
    }

    /** Several images in one run, so that the steps of all of them are made together. */
    private List<GeneratedImage> generate(
            DiffusionPipeline pipeline,
            GenerationRequest request,
            int together,
            @Nullable InitialImage initial,
            GenerationRun run) {
        var images = new ArrayList<GeneratedImage>();
        var progress = new RunProgress(run, traits, request.n());
        var scheduler = SchedulerChoice.of(
                pipeline.scheduler(),
                traits.description().family(),
                request.optionsOrDefaults().scheduler());
        for (var batch : ImageBatch.of(request, scheduler, together)) {
            var result = pipeline.generate(
                    batch.request(initial), run.cancellation(), progress.ofBatch(batch.first(), batch.images()));
            var notes = traits.notes(request, batch.scheduler(), result.warnings());
            for (int i = 0; i < result.images().size(); i++) {
                images.add(new GeneratedImage(result.images().get(i), request.seed() + batch.first() + i, notes));
            }
        }
        return List.copyOf(images);
    }
}
