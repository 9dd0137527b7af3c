package io.atelier.generator.engine.openai;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.openai.dialect.GptImage;
import io.atelier.generator.engine.openai.dialect.OpenAiRequestSpec;
import io.atelier.image.png.PngImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps one generation request to the fields that a server knows, and adds warnings to the images for what the server does not support. */
final class OpenAiImagesRequest {

    /** Of a photograph as a PNG in base64: three samples that hardly can be compressed. */
    private static final long BYTES_PER_PIXEL = 4;

    /** The format that is never without transparency, and without loss. */
    private static final String TRANSPARENT_FORMAT = "png";

    private final OpenAiProperties.Server server;
    private final GenerationRequest request;
    private final String model;
    private final boolean gptImage;

    OpenAiImagesRequest(OpenAiProperties.Server server, GenerationRequest request) {
        this.server = server;
        this.request = request;
        this.model = model(server, request);
        // A server may have a name of its own for the model, such as that of a deployment.
        this.gptImage = server.dialect().isOpenAi() && (GptImage.includes(model) || GptImage.includes(request.model()));
    }

    /** Whether the server may answer with URLs of images instead of the images. */
    boolean allowsUrls() {
        return !gptImage;
    }

    /** The number of partial images before each image. */
    int partialImages() {
        return gptImage ? server.partialImages() : 0;
    }

    /** The greatest number of images that one call requests: an answer that is too long to be read was paid for all the same. */
    int maxImagesPerCall() {
        long readable = server.remote().limits().maxResponse().toBytes()
                / (BYTES_PER_PIXEL * request.size().pixels());
        return partialImages() > 0
                ? 1
                : (int) Math.max(1, Math.min(server.dialect().maxImagesPerCall(), readable));
    }

    /**
     * The fields of a request for new images.
     *
     * @param index of the first of the {@code n} images within the job
     */
    Map<String, Object> generationFields(int index, int n) {
        var sampling = new OpenAiRequestSpec.Sampling(
                request.steps(), request.guidanceScale(), request.seed() + index, request.strength());
        var fields = server.dialect()
                .fields(new OpenAiRequestSpec(
                        model, gptImage, request.prompt(), request.negativePrompt(), size(), n, sampling));
        var options = request.optionsOrDefaults();
        if (gptImage || server.dialect().takesOptions()) {
            put(fields, "quality", options.quality(), gptImage ? server.quality() : "");
            put(fields, "background", options.background(), gptImage ? server.background() : "");
            put(fields, "moderation", options.moderation(), gptImage ? server.moderation() : "");
        }
        if (gptImage) {
            put(
                    fields,
                    "output_format",
                    options.hasTransparentBackground() ? TRANSPARENT_FORMAT : null,
                    server.outputFormat());
        }
        if (partialImages() > 0) {
            fields.put("stream", true);
            fields.put("partial_images", partialImages());
        }
        return fields;
    }

    /**
     * The fields of a request for edited images, without the source images.
     *
     * @param index of the first of the {@code n} images within the job
     */
    Map<String, Object> editFields(int index, int n) {
        var fields = generationFields(index, n);
        if (server.dialect().takesOptions()) {
            put(fields, "input_fidelity", request.optionsOrDefaults().inputFidelity(), "");
        }
        return fields;
    }

    /** The image at that index of the job, with its metadata and warnings. */
    GeneratedImage image(PngImage pixels, int index) {
        var metadata = new HashMap<String, String>();
        metadata.put("engine-model", model);
        var warnings = warnings(pixels);
        if (!warnings.isEmpty()) {
            metadata.put(GeneratedImage.WARNING, String.join(" ", warnings));
        }
        return new GeneratedImage(pixels, request.seed() + index, metadata);
    }

    private List<String> warnings(PngImage pixels) {
        var warnings = new ArrayList<String>();
        var size = request.size();
        boolean hasRequestedSize = pixels.width() == size.width() && pixels.height() == size.height();
        if (!hasRequestedSize && !request.leavesSizeOpen()) {
            warnings.add("The model '%s' generated %d x %d pixels instead of %d x %d."
                    .formatted(model, pixels.width(), pixels.height(), size.width(), size.height()));
        }
        if (request.negativePrompt() != null && !server.dialect().capabilities().contains(Capability.NEGATIVE_PROMPT)) {
            warnings.add("The model '%s' does not support negative prompts; it was ignored.".formatted(model));
        }
        if (request.strength() != null && !server.dialect().capabilities().contains(Capability.STRENGTH)) {
            warnings.add("The model '%s' has no 'strength'; it was ignored.".formatted(model));
        }
        var options = request.optionsOrDefaults();
        if (!server.dialect().takesOptions() && !options.areDefaults()) {
            warnings.add(
                    "The model '%s' has no quality, background, moderation or input fidelity; what the request sets was ignored."
                            .formatted(model));
        }
        return warnings;
    }

    private String size() {
        return gptImage && request.leavesSizeOpen()
                ? GptImage.AUTO
                : request.size().toString();
    }

    private static String model(OpenAiProperties.Server server, GenerationRequest request) {
        boolean isNamedByCatalogue =
                request.routing() != null && request.routing().engineModel() != null;
        return isNamedByCatalogue || server.model().isBlank() ? request.engineModel() : server.model();
    }

    /**
     * Adds a field, unless there is no value.
     *
     * @param otherwise the value if the request has none; empty for none
     */
    private static void put(Map<String, Object> fields, String name, @Nullable String value, String otherwise) {
        var chosen = value == null ? otherwise : value;
        if (!chosen.isEmpty()) {
            fields.put(name, chosen);
        }
    }
}
