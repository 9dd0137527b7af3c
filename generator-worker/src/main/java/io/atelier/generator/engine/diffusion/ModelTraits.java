package io.atelier.generator.engine.diffusion;

import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.diffusion.pipeline.model.ModelDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import java.util.Set;

/** What requests to a model can name, and the memory that it needs. */
record ModelTraits(ModelDescription description, ModelCard card) {

    /** Weights, buffers of ONNX Runtime, and the activations of one image. */
    private static final double MEMORY_FACTOR = 1.1;

    /** ONNX Runtime computes with single precision on a CPU, so that half-precision weights are there twice as large as in the file. */
    private static final double HALF_PRECISION_FACTOR = 2.1;

    private static final Set<String> HALF_PRECISION = Set.of("float16", "bfloat16");

    /** The most images of one job: the steps of large models take minutes each on a CPU. */
    private static final int MAX_IMAGES = 4;

    /** The smallest side that makes sense for the networks that exist; smaller ones give noise. */
    private static final int MIN_SIDE = 64;

    /** Whether requests can set the guidance scale. */
    boolean hasGuidance() {
        return description.family() != PipelineFamily.FLUX
                || description.defaults().guidance() > 0;
    }

    /** Whether the family uses a second prompt for what is not wanted. */
    boolean readsNegativePrompt() {
        return switch (description.family()) {
            case STABLE_DIFFUSION, STABLE_DIFFUSION_XL, STABLE_DIFFUSION_3 -> true;
            case LATENT_CONSISTENCY, FLUX -> false;
        };
    }

    /** Estimated memory of the loaded model, in bytes. */
    long memoryBytes() {
        return (long) description.components().stream()
                .mapToDouble(component -> component.bytes()
                        * (HALF_PRECISION.contains(component.dtype()) ? HALF_PRECISION_FACTOR : MEMORY_FACTOR))
                .sum();
    }

    LocalModel announcement(String engine, boolean isLoaded) {
        var defaults = description.defaults();
        var geometry = description.geometry();
        int smallest = Math.min(geometry.maxSide(), roundUp(MIN_SIDE, geometry.multiple()));
        return new LocalModel(
                description.name(),
                engine,
                familyName(description.family()),
                card.license(),
                card.addedAt(),
                description.bytes(),
                isLoaded,
                defaults.width(),
                defaults.height(),
                Math.min(smallest, Math.min(defaults.width(), defaults.height())),
                geometry.maxSide(),
                geometry.multiple(),
                MAX_IMAGES,
                defaults.steps(),
                hasGuidance() ? defaults.guidance() : null,
                readsNegativePrompt(),
                SchedulerChoice.words(description.family()),
                description.imageToImage());
    }

    private static int roundUp(int side, int multiple) {
        return (side + multiple - 1) / multiple * multiple;
    }

    private static String familyName(PipelineFamily family) {
        return switch (family) {
            case STABLE_DIFFUSION -> "Stable Diffusion";
            case STABLE_DIFFUSION_XL -> "Stable Diffusion XL";
            case LATENT_CONSISTENCY -> "Latent consistency";
            case STABLE_DIFFUSION_3 -> "Stable Diffusion 3";
            case FLUX -> "FLUX.1";
        };
    }
}
