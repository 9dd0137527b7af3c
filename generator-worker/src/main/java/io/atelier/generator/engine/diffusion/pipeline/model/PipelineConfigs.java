package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizers;
import java.util.ArrayList;
import java.util.List;

/**
 * What the files of a model folder say that describe its networks: the configs, the scheduler and the tokenizers. They are small, so all of them are
 * read to find out whether the folder can be used; weights are not needed.
 *
 * @param geometry the sizes of images that it can generate
 * @param activations the memory that a run needs beside the weights
 */
public record PipelineConfigs(ModelGeometry geometry, SamplingDefaults defaults, ActivationMemory activations) {

    static final String VAE_DECODER = "vae_decoder";

    /** Optional in Stable Diffusion 3. */
    private static final String THIRD_TEXT_ENCODER = "text_encoder_3";

    private static final String THIRD_TOKENIZER = "tokenizer_3";

    /**
     * Reads the files.
     *
     * @throws GenerationFailed if one is missing, damaged, or describes what is not supported
     */
    public static PipelineConfigs read(DiffusersFolder folder) {
        networks(folder).forEach(folder::config);
        SchedulerConfig.read(folder.schedulerConfigFile());
        tokenizers(folder).forEach(tokenizer -> Tokenizers.read(folder.tokenizer(tokenizer)));
        var geometry = ModelGeometry.of(folder);
        var configs = new PipelineConfigs(
                geometry, SamplingDefaults.of(folder, geometry), ActivationMemory.of(folder, geometry));
        if (!configs.isPossible()) {
            throw UnusableModel.because(
                    "The sizes in the config.json of the networks of '%s' are impossible. Export the model again."
                            .formatted(folder.name()));
        }
        return configs;
    }

    /** The networks that the pipeline cannot run without. */
    static List<String> networks(DiffusersFolder folder) {
        var names = new ArrayList<>(folder.family().textEncoders());
        if (folder.declares(THIRD_TEXT_ENCODER)) {
            names.add(THIRD_TEXT_ENCODER);
        }
        names.add(folder.family().denoiser());
        names.add(VAE_DECODER);
        return names;
    }

    private static List<String> tokenizers(DiffusersFolder folder) {
        var names = new ArrayList<>(folder.family().tokenizers());
        if (folder.declares(THIRD_TEXT_ENCODER)) {
            names.add(THIRD_TOKENIZER);
        }
        return names;
    }

    /** Whether images can have the sizes. */
    private boolean isPossible() {
        return geometry.multiple() > 0
                && geometry.maxSide() >= geometry.multiple()
                && defaults.width() > 0
                && defaults.height() > 0
                && defaults.steps() > 0;
    }
}
