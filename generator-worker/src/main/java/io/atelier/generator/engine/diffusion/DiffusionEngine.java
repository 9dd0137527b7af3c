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
import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.diffusion.pipeline.InitialImage;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The engine of a diffusion model in the models folder. Loads the model when it is needed. Thread-safe: runs wait for the device. */
final class DiffusionEngine implements LocalEngine {

    /** Changes of an image for which the client names no strength; the default of diffusers. */
    private static final double STANDARD_STRENGTH = 0.8;

    private static final String QUOTE = " \"";

    private final Path folder;
    private final ModelTraits traits;
    private final SessionFactory sessions;
    private final PipelineCache<DiffusionPipeline> cache;

    DiffusionEngine(Path folder, ModelTraits traits, SessionFactory sessions, PipelineCache<DiffusionPipeline> cache) {
        this.folder = folder;
        this.traits = traits;
        this.sessions = sessions;
        this.cache = cache;
    }

    @Override
    public String name() {
        return PREFIX + traits.description().name();
    }

    @Override
    public String device() {
        return "cpu";
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

    /** A model that does not fit is offered with the reason why it cannot be used. */
    @Override
    public EngineStatus status() {
        var problem = cache.problem(traits.description().name(), traits.need().total());
        return problem.isEmpty() ? EngineStatus.READY : EngineStatus.notConfigured(problem);
    }

    @Override
    public Optional<LocalModel> announcement() {
        return Optional.of(traits.announcement(name(), cache.isLoaded(this), cache.left(traits.memoryBytes())));
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
        var size = input.size(request);
        double strength = request.strength() == null ? STANDARD_STRENGTH : request.strength();
        var sized =
                request.toBuilder().size(size).steps(steps(request, strength)).build();
        return generate(sized, input.initialImage(size, strength), run);
    }

    /** Of a change only a share of the steps is done. Models of one step need more of them, so that one is left. */
    private int steps(GenerationRequest request, double strength) {
        int wanted = request.steps() == null ? traits.description().defaults().steps() : request.steps();
        return strength > 0 ? Math.max(wanted, (int) Math.ceil(1 / strength)) : wanted;
    }

    @Override
    public void close() {
        cache.leave(this);
    }

    private List<GeneratedImage> generate(
            GenerationRequest request, @Nullable InitialImage initial, GenerationRun run) {
        int together = imagesTogether(request);
        run.progress().at("load", 0, 1);
        return cache.use(
                this,
                traits.description().name(),
                traits.need(pixels(request), together),
                this::load,
                run.cancellation(),
                loaded -> {
                    run.progress().at("load", 1, 1);
                    return generate(loaded, request, together, initial, run);
                });
    }

    /** How many images the memory of this worker allows in one run. */
    private int imagesTogether(GenerationRequest request) {
        long memory = cache.left(traits.memoryBytes());
        long pixels = pixels(request);
        if (pixels > traits.maxPixels(memory) && traits.need().run() <= memory) {
            throw new GenerationFailed(new Failure(
                    Code.OUT_OF_MEMORY,
                    "This worker has memory for images of at most %d pixels with the model '%s'; got %s, which are %d. Request a smaller image, or raise ATELIER_MODELS_MEMORY."
                            .formatted(
                                    traits.maxPixels(memory),
                                    traits.description().name(),
                                    request.size(),
                                    pixels)));
        }
        int together = request.n();
        while (together > 1 && traits.need(pixels, together).run() > memory) {
            together--;
        }
        return together;
    }

    private static long pixels(GenerationRequest request) {
        return (long) request.size().width() * request.size().height();
    }

    private DiffusionPipeline load() {
        return DiffusionPipeline.load(folder, sessions);
    }

    /** Several images in one run, so that the steps of all of them are made together. */
    private List<GeneratedImage> generate(
            DiffusionPipeline pipeline,
            GenerationRequest request,
            int together,
            @Nullable InitialImage initial,
            GenerationRun run) {
        var images = new ArrayList<GeneratedImage>();
        var progress = new RunProgress(run.progress(), request.n());
        var scheduler = SchedulerChoice.of(
                pipeline.scheduler(),
                traits.description().family(),
                request.optionsOrDefaults().scheduler());
        for (var batch : ImageBatch.of(request, scheduler, together)) {
            var result = pipeline.generate(
                    batch.request(initial), run.cancellation(), progress.ofBatch(batch.first(), batch.images()));
            var notes = notes(batch, request.avatar() == null ? result.warnings() : withoutQuotes(result.warnings()));
            for (int i = 0; i < result.images().size(); i++) {
                images.add(new GeneratedImage(result.images().get(i), request.seed() + batch.first() + i, notes));
            }
        }
        return List.copyOf(images);
    }

    /** The prompt of an avatar is personal, so that no part of it may be in a warning. */
    private static List<String> withoutQuotes(List<String> warnings) {
        return warnings.stream()
                .map(warning -> warning.contains(QUOTE)
                        ? warning.substring(0, warning.indexOf(QUOTE)) + " the end of the prompt."
                        : warning)
                .toList();
    }

    private static Map<String, String> notes(ImageBatch batch, List<String> warnings) {
        return warnings.isEmpty()
                ? Map.of(GeneratedImage.SAMPLER, batch.scheduler())
                : Map.of(GeneratedImage.SAMPLER, batch.scheduler(), GeneratedImage.WARNING, String.join(" ", warnings));
    }
}
