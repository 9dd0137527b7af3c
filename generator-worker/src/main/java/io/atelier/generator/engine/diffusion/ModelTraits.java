package io.atelier.generator.engine.diffusion;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentColours;
import io.atelier.generator.engine.diffusion.pipeline.model.MemoryEstimate;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.onnx.InferenceDevice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What requests to a model can name, what its images say of them, and the memory that it needs. */
record ModelTraits(PipelineDescription description, ModelCard card) {

    /** The most images of one job: the steps of large models take minutes each on a CPU. */
    private static final int MAX_IMAGES = 4;

    /** Whether requests can set the guidance scale. */
    boolean hasGuidance() {
        return description.family() != PipelineFamily.FLUX
                || description.defaults().guidance() > 0;
    }

    /** Whether the family uses a second prompt for what is not wanted. */
    boolean readsNegativePrompt() {
        return switch (description.family()) {
            case STABLE_DIFFUSION, STABLE_DIFFUSION_XL, STABLE_DIFFUSION_3, POCKET -> true;
            case LATENT_CONSISTENCY, FLUX -> false;
        };
    }

    /** Estimated memory of the model when it is loaded to a device, in bytes, without that of a run. */
    long memoryBytes(InferenceDevice device) {
        return MemoryEstimate.bytes(description, !device.kind().calculatesWith16Bits());
    }

    /** The name of the engine. */
    String engine() {
        return isBuiltIn() ? description.name() : LocalModel.engineOf(description.name());
    }

    /** The phase of a run in which images are finished. */
    String lastPhase() {
        return isBuiltIn() ? "upscale" : "decode";
    }

    /** The colours of previews; empty if there can be none, because the latents are those of an unknown VAE. */
    Optional<LatentColours> colours() {
        return LatentColours.of(description.family(), description.geometry().latentChannels());
    }

    /** The notes of images by name, as {@link GeneratedImage#metadata} takes them. */
    Map<String, String> notes(GenerationRequest request, String scheduler, List<String> warnings) {
        var notes = new HashMap<String, String>();
        if (isBuiltIn()) {
            var defaults = description.defaults();
            notes.put("model", description.name());
            notes.put("native_size", new ImageSize(defaults.width(), defaults.height()).toString());
            notes.put("steps", String.valueOf(Objects.requireNonNullElse(request.steps(), defaults.steps())));
            notes.put(
                    "guidance_scale",
                    String.valueOf(Objects.requireNonNullElse(request.guidanceScale(), defaults.guidance())));
        } else {
            notes.put(GeneratedImage.SAMPLER, scheduler);
        }
        if (!warnings.isEmpty()) {
            notes.put(GeneratedImage.WARNING, String.join(" ", warnings));
        }
        return notes;
    }

    /** Estimated memory of the loaded model and of a run that makes one image of the smallest size: with less the model cannot be used at all. */
    MemoryNeed leastNeed(InferenceDevice device) {
        return need(device, description.minPixels(), 1);
    }

    /** The memory of a run that makes one image of the smallest size, in bytes. */
    long leastRun() {
        return run(description.minPixels(), 1);
    }

    /**
     * Estimated memory of the loaded model and of a run.
     *
     * @param pixels of an image, width by height
     * @param images that are made together
     */
    MemoryNeed need(InferenceDevice device, long pixels, int images) {
        return new MemoryNeed(memoryBytes(device), run(pixels, images));
    }

    /** Estimated memory of a run, in bytes, see {@link #need}. It was measured on processors; cards with attention of their own need less. */
    long run(long pixels, int images) {
        return description.activations().bytes(pixels, images);
    }

    /** The most pixels of an image, width by height, that a run can make with so many bytes of memory. */
    long maxPixels(long bytesForRun) {
        return description.activations().maxPixels(bytesForRun, largest());
    }

    /**
     * The size of an image whose request names none: that for which the model was made, or else the largest of that shape for which there is memory.
     *
     * @param bytesForRun the memory for a run
     */
    ImageSize usualSize(long bytesForRun) {
        var size = new ImageSize(
                description.defaults().width(), description.defaults().height());
        var pixels = limit(bytesForRun);
        if (pixels == null || size.pixels() <= pixels) {
            return size;
        }
        double scale = Math.sqrt((double) pixels / size.pixels());
        var smaller = new ImageSize(side(size.width() * scale), side(size.height() * scale));
        return smaller.pixels() <= pixels ? smaller : new ImageSize(description.minSide(), description.minSide());
    }

    /** The longest side that is not longer, and that an image can have. */
    private int side(double longest) {
        int multiple = description.geometry().multiple();
        return Math.max(description.minSide(), (int) longest / multiple * multiple);
    }

    /** Null if the memory is enough for all sizes, or for none: then the status of the engine says why. */
    private @Nullable Long limit(long bytesForRun) {
        long pixels = maxPixels(bytesForRun);
        return pixels < largest() && leastRun() <= bytesForRun ? pixels : null;
    }

    private long largest() {
        return (long) description.geometry().maxSide() * description.geometry().maxSide();
    }

    /**
     * What is announced of the model; empty for the model that is part of the worker, because the catalogue describes it.
     *
     * @param bytesForRun the memory for a run
     */
    Optional<LocalModel> announcement(boolean isLoaded, long bytesForRun) {
        return isBuiltIn() ? Optional.empty() : Optional.of(localModel(isLoaded, bytesForRun));
    }

    private LocalModel localModel(boolean isLoaded, long bytesForRun) {
        var defaults = description.defaults();
        var geometry = description.geometry();
        var usual = usualSize(bytesForRun);
        return new LocalModel(
                description.name(),
                engine(),
                description.family().title(),
                card.license(),
                card.addedAt(),
                description.bytes(),
                isLoaded,
                usual.width(),
                usual.height(),
                description.minSide(),
                geometry.maxSide(),
                limit(bytesForRun),
                geometry.multiple(),
                MAX_IMAGES,
                defaults.steps(),
                hasGuidance() ? defaults.guidance() : null,
                readsNegativePrompt(),
                SchedulerChoice.words(description.family()),
                description.imageToImage(),
                null);
    }

    boolean isBuiltIn() {
        return description.family() == PipelineFamily.POCKET;
    }
}
