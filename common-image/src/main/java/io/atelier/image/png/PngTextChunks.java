package io.atelier.image.png;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text chunks of a PNG, limited to the amount of metadata that the client requested.
 *
 * @param entries texts by keyword, in the order in which they are written; a keyword has 1 to 79 printable ASCII characters
 */
public record PngTextChunks(Map<String, String> entries) {

    public PngTextChunks {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * The text chunks of one image of a job.
     *
     * @param seed seed of this image; null if the engine uses none
     * @param engineMetadata additional entries of the engine; included only with {@link GenerationRequest.Metadata#FULL}
     */
    public static PngTextChunks of(
            JobId job, GenerationRequest request, @Nullable Long seed, Map<String, String> engineMetadata) {
        var text = new LinkedHashMap<String, String>();
        switch (request.metadata()) {
            case FULL -> {
                text.putAll(engineMetadata);
                putMinimal(text, job, request, seed);
                putFull(text, request);
            }
            case MINIMAL -> putMinimal(text, job, request, seed);
            case NONE -> {}
        }
        return new PngTextChunks(text);
    }

    private static void putMinimal(
            Map<String, String> text, JobId job, GenerationRequest request, @Nullable Long seed) {
        text.put("Software", "Atelier");
        text.put("job", job.value());
        text.put("model", request.model());
        if (seed != null) {
            text.put("seed", seed.toString());
        }
    }

    private static void putFull(Map<String, String> text, GenerationRequest request) {
        text.put("prompt", request.prompt());
        if (request.negativePrompt() != null) {
            text.put("negative_prompt", request.negativePrompt());
        }
        text.put("engine", request.engine());
        if (request.steps() != null) {
            text.put("steps", request.steps().toString());
        }
        if (request.guidanceScale() != null) {
            text.put("guidance_scale", request.guidanceScale().toString());
        }
    }
}
