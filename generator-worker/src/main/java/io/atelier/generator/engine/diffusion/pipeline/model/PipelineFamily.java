package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of pipelines that can be run. Classes for image-to-image and inpainting use the same components, so they count to the same family. */
public enum PipelineFamily {
    /** Stable Diffusion 1.x, 2.x and Turbo: one CLIP text encoder, a U-Net. */
    STABLE_DIFFUSION("Stable Diffusion", "StableDiffusion", PipelineFamily.UNET, 1),
    /** Stable Diffusion XL, Turbo and Lightning: two CLIP text encoders, a U-Net with {@code text_time} conditioning. */
    STABLE_DIFFUSION_XL("Stable Diffusion XL", "StableDiffusionXL", PipelineFamily.UNET, 2),
    /** Latent consistency models: one CLIP text encoder, a U-Net that takes the guidance scale as an embedding. */
    LATENT_CONSISTENCY("Latent consistency", "LatentConsistencyModel", PipelineFamily.UNET, 1),
    /** Stable Diffusion 3 and 3.5: two CLIP text encoders, and T5 where it is present. */
    STABLE_DIFFUSION_3("Stable Diffusion 3", "StableDiffusion3", PipelineFamily.TRANSFORMER, 2),
    /** FLUX.1 dev and schnell: CLIP for the pooled embedding, T5 for the tokens. */
    FLUX("FLUX.1", "Flux", PipelineFamily.TRANSFORMER, 2),
    /** The model {@code pocket}, which is part of the worker and has no folder: a sentence encoder, a U-Net for pixels, an upsampler. */
    POCKET("Pocket", "Pocket", PipelineFamily.UNET, 1);

    private static final String UNET = "unet";
    private static final String TRANSFORMER = "transformer";

    /** The endings of classes for text-to-image, image-to-image and inpainting. */
    private static final Set<String> ENDINGS = Set.of("Pipeline", "Img2ImgPipeline", "InpaintPipeline");

    private final String title;
    private final String stem;
    private final String denoiser;
    private final int textEncoders;

    PipelineFamily(String title, String stem, String denoiser, int textEncoders) {
        this.title = title;
        this.stem = stem;
        this.denoiser = denoiser;
        this.textEncoders = textEncoders;
    }

    /**
     * The family of a {@code _class_name} of diffusers, of optimum ({@code ORT...}) or of the older ONNX pipelines ({@code Onnx...}).
     *
     * @return empty if this kind of pipeline is not supported
     */
    public static Optional<PipelineFamily> of(String className) {
        String name = className.replaceFirst("^(ORT|Onnx)", "");
        return inFolders()
                .filter(family ->
                        name.startsWith(family.stem) && ENDINGS.contains(name.substring(family.stem.length())))
                .findFirst();
    }

    /** The classes for text-to-image that are supported, for messages. */
    public static String supportedClasses() {
        return inFolders().map(family -> family.stem + "Pipeline").collect(Collectors.joining(", "));
    }

    /** The name for people, such as {@code Stable Diffusion XL}. */
    public String title() {
        return title;
    }

    /** The component that denoises: {@code unet} or {@code transformer}. */
    public String denoiser() {
        return denoiser;
    }

    /** Whether the component that denoises is a U-Net. */
    boolean usesUnet() {
        return denoiser.equals(UNET);
    }

    /** The text encoders that must be present. */
    public List<String> textEncoders() {
        return numbered("text_encoder");
    }

    /** The tokenizers that must be present. */
    public List<String> tokenizers() {
        return numbered("tokenizer");
    }

    private static Stream<PipelineFamily> inFolders() {
        return Arrays.stream(values()).filter(family -> family != POCKET);
    }

    /** The name of the first component, then with {@code _2} that of the second. */
    private List<String> numbered(String name) {
        return textEncoders == 1 ? List.of(name) : List.of(name, name + "_2");
    }
}
