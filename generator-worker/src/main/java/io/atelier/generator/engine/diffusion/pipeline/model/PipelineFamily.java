package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of pipelines that can be run. Classes for image-to-image and inpainting use the same components, so they count to the same family. */
public enum PipelineFamily {
    /** Stable Diffusion 1.x, 2.x and Turbo: one CLIP text encoder, a U-Net. */
    STABLE_DIFFUSION(List.of("StableDiffusion", "AltDiffusion"), "unet", List.of("text_encoder"), List.of("tokenizer")),
    /** Stable Diffusion XL, Turbo and Lightning: two CLIP text encoders, a U-Net with {@code text_time} conditioning. */
    STABLE_DIFFUSION_XL(
            List.of("StableDiffusionXL"),
            "unet",
            List.of("text_encoder", "text_encoder_2"),
            List.of("tokenizer", "tokenizer_2")),
    /** Latent consistency models: one CLIP text encoder, a U-Net that takes the guidance scale as an embedding. */
    LATENT_CONSISTENCY(List.of("LatentConsistencyModel"), "unet", List.of("text_encoder"), List.of("tokenizer")),
    /** Stable Diffusion 3 and 3.5: two CLIP text encoders, and T5 where it is present. */
    STABLE_DIFFUSION_3(
            List.of("StableDiffusion3"),
            "transformer",
            List.of("text_encoder", "text_encoder_2"),
            List.of("tokenizer", "tokenizer_2")),
    /** FLUX.1 dev and schnell: CLIP for the pooled embedding, T5 for the tokens. */
    FLUX(
            List.of("Flux"),
            "transformer",
            List.of("text_encoder", "text_encoder_2"),
            List.of("tokenizer", "tokenizer_2"));

    /** The endings of classes for text-to-image, image-to-image and inpainting. */
    private static final Set<String> ENDINGS = Set.of("Pipeline", "Img2ImgPipeline", "InpaintPipeline");

    private final List<String> stems;
    private final String denoiser;
    private final List<String> textEncoders;
    private final List<String> tokenizers;

    PipelineFamily(List<String> stems, String denoiser, List<String> textEncoders, List<String> tokenizers) {
        this.stems = stems;
        this.denoiser = denoiser;
        this.textEncoders = textEncoders;
        this.tokenizers = tokenizers;
    }

    /**
     * The family of a {@code _class_name} of diffusers, of optimum ({@code ORT...}) or of the older ONNX pipelines ({@code Onnx...}).
     *
     * @return empty if this kind of pipeline is not supported
     */
    public static Optional<PipelineFamily> of(String className) {
        String name = className.replaceFirst("^(ORT|Onnx)", "");
        return Arrays.stream(values())
                .filter(family -> family.stems.stream()
                        .anyMatch(stem -> name.startsWith(stem) && ENDINGS.contains(name.substring(stem.length()))))
                .findFirst();
    }

    /** The classes for text-to-image that are supported, for messages. */
    public static String supportedClasses() {
        return Arrays.stream(values())
                .map(family -> family.stems.get(0) + "Pipeline")
                .collect(Collectors.joining(", "));
    }

    /** The component that denoises: {@code unet} or {@code transformer}. */
    public String denoiser() {
        return denoiser;
    }

    /** The text encoders that must be present. */
    public List<String> textEncoders() {
        return textEncoders;
    }

    /** The tokenizers that must be present. */
    public List<String> tokenizers() {
        return tokenizers;
    }
}
