package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.Conditioning;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentMask;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.latents.NoiseStreams;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerKind;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A loaded model: text encoders, denoiser, VAE and scheduler. Which of them it has is the only difference between families; the loop is one for
 * all. Thread-safe: several runs may be made at once, until it is closed.
 */
public final class DiffusionPipeline implements AutoCloseable {

    private final PipelineDescription description;
    private final PipelineParts parts;
    private final LoadedNetworks networks;
    private final DiffusionLimits limits;

    private DiffusionPipeline(PipelineParts parts, LoadedNetworks networks) {
        this.description = parts.description();
        this.parts = parts;
        this.networks = networks;
        this.limits = new DiffusionLimits(description, parts.promptEncoder().maxClipSkip());
    }

    /**
     * Loads a model folder in the layout of diffusers, exported to ONNX.
     *
     * @param sessions loads the networks to a device
     * @throws GenerationFailed if a file is missing or damaged, the kind of model is not supported, or memory is too small
     */
    public static DiffusionPipeline load(Path folder, SessionFactory sessions) {
        var opened = DiffusersFolder.open(folder);
        var description = PipelineDescription.of(opened);
        return load(sessions, networks -> PipelineParts.of(opened, description, networks));
    }

    /**
     * Loads a pipeline.
     *
     * @param sessions loads its networks
     * @param loader loads the parts, and the networks through its argument
     */
    static DiffusionPipeline load(SessionFactory sessions, Function<SessionFactory, PipelineParts> loader) {
        var networks = new LoadedNetworks(sessions);
        try {
            return new DiffusionPipeline(loader.apply(networks), networks);
        } catch (RuntimeException | Error e) {
            networks.close();
            throw e;
        }
    }

    /** What the folder holds. */
    public PipelineDescription description() {
        return description;
    }

    /** The scheduler of the model, from which others with the same training can be made. */
    public SchedulerConfig scheduler() {
        return parts.scheduler();
    }

    /**
     * Makes images.
     *
     * @throws GenerationCanceled if the cancellation was requested, which also ends a step that is running
     * @throws GenerationFailed if the model cannot do what is requested, memory is too small, or ONNX Runtime fails
     */
    public DiffusionResult generate(DiffusionRequest request, Cancellation cancellation, DiffusionListener listener) {
        limits.check(request);
        try (var run = new OnnxRun(cancellation)) {
            return generate(request, run, listener);
        } catch (OutOfMemoryError e) {
            throw new GenerationFailed(
                    new Failure(
                            Failure.Code.OUT_OF_MEMORY,
                            "The worker has too little memory for %d images of %s. Request fewer or smaller ones."
                                    .formatted(request.images(), request.size(description.defaults()))),
                    e);
        }
    }

    /** Frees the memory of the networks. No run may be left. */
    @Override
    public void close() {
        networks.close();
    }

    private DiffusionResult generate(DiffusionRequest request, OnnxRun run, DiffusionListener listener) {
        var conditioning = condition(request, run);
        listener.encoded();

        var shape = shape(request);
        int steps = request.steps(description.defaults());
        var schedule = schedule(request, steps, shape);
        var noise = request.noise();
        var start = start(request, schedule, shape, noise, run);
        var latents = start.latents();
        try (var predictor = parts.denoiser().start(conditioning, shape, request.images())) {
            new DenoisingLoop(schedule, start.firstEvaluation(), predictor, noise)
                    .denoise(latents, run, new StepReports(schedule, start, latents, shape, listener));
        }

        var size = request.size(description.defaults());
        var images =
                parts.decoder().decode(latents, shape, size, run, done -> listener.decoded(done, request.images()));
        return new DiffusionResult(images, warnings(request, conditioning));
    }

    private Conditioning condition(DiffusionRequest request, OnnxRun run) {
        var defaults = description.defaults();
        var options = request.encoding(defaults);
        double guidance = request.guidance(defaults);
        var promptEncoder = parts.promptEncoder();
        var prompts = promptEncoder.encode(request.prompts(), options, run);
        PromptEmbeddings negative = null;
        if (parts.denoiser().usesNegativePrompt(guidance)) {
            negative = request.negativePrompts()
                    .map(texts -> promptEncoder.encodeNegative(texts, options, run))
                    .orElseGet(() -> promptEncoder.encodeMissingNegative(options, run));
        }
        return new Conditioning(prompts, negative, guidance, request.sizeConditioning(defaults));
    }

    private LatentShape shape(DiffusionRequest request) {
        var geometry = description.geometry();
        var size = geometry.made(request.size(description.defaults()));
        return new LatentShape(
                geometry.latentChannels(), size.height() / geometry.vaeScale(), size.width() / geometry.vaeScale());
    }

    private LatentStart start(
            DiffusionRequest request, Scheduler schedule, LatentShape shape, NoiseStreams noise, OnnxRun run) {
        var initial = request.initialImage().orElse(null);
        if (initial == null) {
            var values = new float[request.images() * shape.size()];
            noise.fill(values);
            return new NoiseStart(schedule, values);
        }
        var encoder = Objects.requireNonNull(parts.vaeEncoder(), "checked by the limits");
        var original = encoder.encode(initial.image(), shape, request.images(), noise, run);
        var mask = initial.mask() == null
                ? null
                : LatentMask.of(initial.mask(), shape, description.geometry().vaeScale());
        return new ImageStart(
                schedule, original, noise, firstEvaluation(request, initial), mask, initial.strength() == 1);
    }

    private Scheduler schedule(DiffusionRequest request, int steps, LatentShape shape) {
        var config = schedulerOf(request);
        return request.initialImage()
                .filter(initial -> makesAllSteps(request))
                .map(initial -> config.scheduleOfChange(steps, initial.strength()))
                .orElseGet(() -> config.schedule(steps, parts.denoiser().imageTokens(shape)));
    }

    /** Latent consistency models make all steps of a change, at lower noise levels. */
    private boolean makesAllSteps(DiffusionRequest request) {
        return description.family() == PipelineFamily.LATENT_CONSISTENCY
                && schedulerOf(request).kind() == SchedulerKind.LCM;
    }

    private int firstEvaluation(DiffusionRequest request, InitialImage initial) {
        if (makesAllSteps(request)) {
            return 0;
        }
        int steps = request.steps(description.defaults());
        return ImageStart.firstEvaluation(
                steps, initial.strength(), schedulerOf(request).kind().flowMatching());
    }

    private SchedulerConfig schedulerOf(DiffusionRequest request) {
        return request.scheduler().orElse(parts.scheduler());
    }

    private List<String> warnings(DiffusionRequest request, Conditioning conditioning) {
        Set<String> warnings = new LinkedHashSet<>();
        conditioning.prompts().warnings().forEach(warning -> warnings.add(warning.text(request.mayQuote())));
        if (conditioning.negative() != null) {
            conditioning.negative().warnings().forEach(warning -> warnings.add(warning.text(request.mayQuote())));
        } else if (request.negativePrompts().isPresent()) {
            warnings.add("The negative prompt was ignored, because this model uses none with a guidance scale of %s."
                    .formatted(conditioning.guidance()));
        }
        var used = schedulerOf(request);
        used.replacedClass()
                .ifPresent(replaced -> warnings.add("The scheduler of this model, %s, is not supported; %s was used."
                        .formatted(replaced, used.kind().className())));
        return List.copyOf(warnings);
    }
}
