package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GeneratedImage;
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

/** The engine of a diffusion model in the models folder. Loads the model when it is needed. Thread-safe: runs wait for a device. */
final class DiffusionEngine implements LocalEngine {

    /** Changes of an image for which the client names no strength; the default of diffusers. */
    private static final double STANDARD_STRENGTH = 0.8;

    private static final String QUOTE = " \"";

    private final Path folder;
    private final ModelTraits traits;
    private final ModelDevices devices;

    DiffusionEngine(Path folder, ModelTraits traits, ModelDevices devices) {
        this.folder = folder;
        this.traits = traits;
        this.devices = devices;
    }

    @Override
    public String name() {
        return PREFIX + traits.description().name();
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

    /** A model that does not fit is offered with the reason why it cannot be used. */
    @Override
    public EngineStatus status() {
        var problem = devices.problem(traits.description().name(), traits.memoryBytes());
        return problem.isEmpty() ? EngineStatus.READY : EngineStatus.notConfigured(problem);
    }

    @Override
    public Optional<LocalModel> announcement() {
        return Optional.of(traits.announcement(name(), devices.isLoaded(this)));
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
        devices.leave(this);
    }

    private List<GeneratedImage> generate(
            GenerationRequest request, @Nullable InitialImage initial, GenerationRun run) {
        run.progress().at("load", 0, 1);
        var name = traits.description().name();
        long bytes = traits.memoryBytes();
        try (var turn = devices.choose(this, request.device(), bytes)) {
            return turn.cache().use(this, name, bytes, () -> load(turn.sessions()), run.cancellation(), loaded -> {
                run.progress().at("load", 1, 1);
                return generate(loaded, request, initial, run);
            });
        }
    }

    private DiffusionPipeline load(SessionFactory sessions) {
        return DiffusionPipeline.load(folder, sessions);
    }

    /** As many images in one run as the memory of a run allows, so that the steps of all of them are made together. */
    private List<GeneratedImage> generate(
            DiffusionPipeline pipeline, GenerationRequest request, @Nullable InitialImage initial, GenerationRun run) {
        var images = new ArrayList<GeneratedImage>();
        var progress = new RunProgress(run.progress(), request.n());
        var scheduler = SchedulerChoice.of(
                pipeline.scheduler(),
                traits.description().family(),
                request.optionsOrDefaults().scheduler());
        for (var batch : ImageBatch.of(request, scheduler)) {
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
