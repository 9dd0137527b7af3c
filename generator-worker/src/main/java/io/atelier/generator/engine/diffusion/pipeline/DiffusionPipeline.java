package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.Conditioning;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoiser;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoisers;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentMask;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.latents.NoiseStreams;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEncoder;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEncoders;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeDecoder;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeEncoder;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model: text encoders, denoiser, VAE and scheduler. Which of them it has is the only difference between families; the loop is one for
 * all. Thread-safe: several runs may be made at once, until it is closed.
 */
public final class DiffusionPipeline implements AutoCloseable {

    private final PipelineDescription description;
    private final LoadedNetworks networks;
    private final SchedulerConfig scheduler;
    private final PromptEncoder promptEncoder;
    private final LatentDenoiser denoiser;
    private final VaeDecoder vaeDecoder;
    private final @Nullable VaeEncoder vaeEncoder;
    private final DiffusionLimits limits;

    private DiffusionPipeline(DiffusersFolder folder, PipelineDescription description, LoadedNetworks networks) {
        this.description = description;
        this.networks = networks;
        this.scheduler = SchedulerConfig.read(folder.schedulerConfigFile());
        this.promptEncoder = PromptEncoders.load(folder, networks);
        this.denoiser = LatentDenoisers.load(folder, networks);
        var scaling = LatentScaling.of(folder);
        int scale = description.geometry().vaeScale();
        var tiling = description.activations().tiling();
        this.vaeDecoder = new VaeDecoder(networks.load(folder.weights("vae_decoder")), scaling, scale, tiling);
        this.vaeEncoder = description.imageToImage()
                ? new VaeEncoder(networks.load(folder.weights("vae_encoder")), scaling, scale, tiling)
                : null;
        this.limits = new DiffusionLimits(description, promptEncoder.maxClipSkip());
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
        var networks = new LoadedNetworks(sessions);
        try {
            return new DiffusionPipeline(opened, description, networks);
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
        return scheduler;
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
        var schedule = schedulerOf(request).schedule(steps, denoiser.imageTokens(shape));
        var noise = request.noise();
        var start = start(request, schedule, shape, noise, run);
        var latents = start.latents();
        try (var predictor = denoiser.start(conditioning, shape, request.images())) {
            int evaluations = schedule.evaluations() - start.firstEvaluation();
            new DenoisingLoop(schedule, start.firstEvaluation(), predictor, noise).denoise(latents, run, i -> {
                start.afterStep(i, latents);
                listener.denoised(i + 1 - start.firstEvaluation(), evaluations, latents, shape);
            });
        }

        var images = vaeDecoder.decode(latents, shape, run, done -> listener.decoded(done, request.images()));
        return new DiffusionResult(images, warnings(request, conditioning));
    }

    private Conditioning condition(DiffusionRequest request, OnnxRun run) {
        var defaults = description.defaults();
        var options = request.encoding(defaults);
        double guidance = request.guidance(defaults);
        var prompts = promptEncoder.encode(request.prompts(), options, run);
        PromptEmbeddings negative = null;
        if (denoiser.usesNegativePrompt(guidance)) {
            var forNegative = options.forNegative();
            negative = request.negativePrompts()
                    .map(texts -> promptEncoder.encode(texts, forNegative, run))
                    .orElseGet(() -> promptEncoder.encodeMissingNegative(forNegative, run));
        }
        return new Conditioning(prompts, negative, guidance, request.sizeConditioning(defaults));
    }

    private LatentShape shape(DiffusionRequest request) {
        var geometry = description.geometry();
        var size = request.size(description.defaults());
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
        var encoder = Objects.requireNonNull(vaeEncoder, "checked by the limits");
        var original = encoder.encode(initial.image(), shape, request.images(), noise, run);
        boolean flowMatching = schedulerOf(request).kind().flowMatching();
        int first = ImageStart.firstEvaluation(request.steps(description.defaults()), initial.strength(), flowMatching);
        var mask = initial.mask() == null
                ? null
                : LatentMask.of(initial.mask(), shape, description.geometry().vaeScale());
        return new ImageStart(schedule, original, noise, first, mask);
    }

    private SchedulerConfig schedulerOf(DiffusionRequest request) {
        return request.scheduler().orElse(scheduler);
    }

    private List<String> warnings(DiffusionRequest request, Conditioning conditioning) {
        Set<String> warnings = new LinkedHashSet<>(conditioning.prompts().warnings());
        if (conditioning.negative() != null) {
            warnings.addAll(conditioning.negative().warnings());
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
