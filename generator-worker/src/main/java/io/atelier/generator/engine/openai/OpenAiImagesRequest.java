package io.atelier.generator.engine.openai;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.openai.dialect.GptImage;
import io.atelier.generator.engine.openai.dialect.OpenAiRequestSpec;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** A request as one server is told of it, and what its pictures have to say of what it was not told. */
final class OpenAiImagesRequest {

    private final OpenAiProperties.Server server;
    private final GenerationRequest request;
    private final String model;
    private final boolean gptImage;

    OpenAiImagesRequest(OpenAiProperties.Server server, GenerationRequest request) {
        this.server = server;
        this.request = request;
        this.model = model(server, request);
        this.gptImage = server.dialect().isVendors() && GptImage.includes(model);
    }

    /** Whether the server may name its pictures by address. */
    boolean allowsAddresses() {
        return !gptImage;
    }

    /** How many sketches come before each picture. */
    int sketches() {
        return gptImage ? server.partialImages() : 0;
    }

    /** How many pictures one call asks for at most. */
    int mostAtOnce() {
        return sketches() > 0 ? 1 : server.dialect().mostAtOnce();
    }

    /** The fields that ask for new pictures, from the one with that index on. */
    Map<String, Object> generation(int index, int n) {
        var fields = edit(index, n);
        if (gptImage) {
            set(fields, "moderation", server.moderation());
        }
        return fields;
    }

    /** The fields that ask for changed pictures. */
    Map<String, Object> edit(int index, int n) {
        var fields = server.dialect()
                .fields(new OpenAiRequestSpec(
                        model,
                        request.prompt(),
                        request.negativePrompt(),
                        size(),
                        n,
                        request.steps(),
                        request.guidanceScale(),
                        request.seed() + index));
        if (gptImage) {
            set(fields, "quality", server.quality());
            set(fields, "background", server.background());
            set(fields, "output_format", server.outputFormat());
        }
        if (sketches() > 0) {
            fields.put("stream", true);
            fields.put("partial_images", sketches());
        }
        return fields;
    }

    /** The picture with that index. */
    GeneratedImage image(BufferedImage pixels, int index) {
        var notes = new HashMap<String, String>();
        notes.put("engine-model", model);
        var warnings = new ArrayList<String>();
        boolean asDrawn = pixels.getWidth() == request.size().width()
                && pixels.getHeight() == request.size().height();
        if (!asDrawn && !request.leavesSizeOpen()) {
            warnings.add("The model '%s' drew %d x %d instead of %d x %d."
                    .formatted(
                            model,
                            pixels.getWidth(),
                            pixels.getHeight(),
                            request.size().width(),
                            request.size().height()));
        }
        if (request.negativePrompt() != null && !server.dialect().capabilities().contains(Capability.NEGATIVE_PROMPT)) {
            warnings.add("The model '%s' cannot be told what not to draw.".formatted(model));
        }
        if (!warnings.isEmpty()) {
            notes.put(GeneratedImage.WARNING, String.join(" ", warnings));
        }
        return new GeneratedImage(pixels, request.seed() + index, notes);
    }

    private String size() {
        if (!gptImage) {
            return request.size().toString();
        }
        return request.leavesSizeOpen()
                ? GptImage.AUTO
                : GptImage.nearest(request.size()).toString();
    }

    private static String model(OpenAiProperties.Server server, GenerationRequest request) {
        boolean said = request.routing() != null && request.routing().engineModel() != null;
        return said || server.model().isBlank() ? request.engineModel() : server.model();
    }

    private static void set(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }
}
