package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoisers;
import io.atelier.generator.engine.diffusion.pipeline.model.ActivationMemory;
import io.atelier.generator.engine.diffusion.pipeline.model.ModelGeometry;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.diffusion.pipeline.model.SamplingDefaults;
import io.atelier.generator.engine.diffusion.pipeline.pocket.ClassPathModel;
import io.atelier.generator.engine.diffusion.pipeline.pocket.PocketPromptEncoder;
import io.atelier.generator.engine.diffusion.pipeline.vae.Upsampler;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;

/**
 * The model {@code pocket}, which is part of the worker. It draws 3-D stickers of some 1,400 things with 64 x 64 pixels, which a network enlarges to
 * 256 x 256; these are scaled to the size of the request. Runs on the processor.
 *
 * @param threads threads for one image, at least 1
 */
public record PocketModel(ClassPathModel files, int threads) {

    /** The name of the model and of its engine. */
    public static final String NAME = "pocket";

    private static final String TEXT_ENCODER = "text_encoder";
    private static final String UNET = "unet";
    private static final String UPSAMPLER = "upsampler";

    private static final int CHANNELS = 3;
    private static final int UPSAMPLING = 4;
    private static final int UNET_CHANNELS = 64;
    private static final int UPSAMPLER_CHANNELS = 64;
    private static final int NATIVE_SIDE = 256;
    private static final int MAX_SIDE = 4_096;

    /** The model on the class path of the worker. */
    public static PocketModel onClassPath(int threads) {
        return new PocketModel(new ClassPathModel(PocketModel.class.getClassLoader(), "models/pocket"), threads);
    }

    /**
     * What the model is, found without loading it.
     *
     * @throws GenerationFailed if a file is missing
     */
    public PipelineDescription description() {
        return new PipelineDescription(
                NAME,
                PipelineFamily.POCKET,
                "PocketPipeline",
                List.of(
                        files.describe(TEXT_ENCODER, "all-MiniLM-L6-v2"),
                        files.describe(UNET, "PocketUNet"),
                        files.describe(UPSAMPLER, "PocketUpsampler")),
                new ModelGeometry(CHANNELS, UPSAMPLING, 1, MAX_SIDE, NATIVE_SIDE),
                new SamplingDefaults(NATIVE_SIDE, NATIVE_SIDE, 25, 2.5, 0),
                ActivationMemory.ofSmallUnet(UNET_CHANNELS, UPSAMPLER_CHANNELS, UPSAMPLING),
                false);
    }

    /**
     * Loads the model, which takes about a second, and verifies the checksums of its files.
     *
     * @throws GenerationFailed if a file is missing or damaged, or ONNX Runtime has no native library for this machine
     */
    public DiffusionPipeline load() {
        return DiffusionPipeline.load(
                this::network,
                networks -> new PipelineParts(
                        description(),
                        SchedulerConfig.parse(files.text("scheduler/scheduler_config.json")),
                        PocketPromptEncoder.load(files, networks.load(Path.of(TEXT_ENCODER))),
                        LatentDenoisers.ofPocket(networks.load(Path.of(UNET))),
                        new Upsampler(networks.load(Path.of(UPSAMPLER)), UPSAMPLING),
                        null));
    }

    /** A prompt is too short to gain from a second thread. */
    private OnnxModel network(Path component) {
        String name = component.toString();
        return OnnxModel.load(files.weights(name), name.equals(TEXT_ENCODER) ? 1 : threads);
    }
}
