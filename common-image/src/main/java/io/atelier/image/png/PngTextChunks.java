package io.atelier.image.png;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a PNG says of its making: keywords and texts, as much as the client wants to be told.
 *
 * @param entries in the order in which they are written; keywords of 1 to 79 printable ASCII characters
 */
public record PngTextChunks(Map<String, String> entries) {

    public PngTextChunks {
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * The text of one picture of a job.
     *
     * @param seed that drew this picture; null if none did
     * @param notes what the engine has to say of it; told only when everything is
     */
    public static PngTextChunks of(
            JobId job, GenerationRequest request, @Nullable Long seed, Map<String, String> notes) {
        var text = new LinkedHashMap<String, String>();
        switch (request.metadata()) {
            case FULL -> {
                text.putAll(notes);
                minimal(text, job, request, seed);
                full(text, request);
            }
            case MINIMAL -> minimal(text, job, request, seed);
            case NONE -> {}
        }
        return new PngTextChunks(text);
    }

    private static void minimal(Map<String, String> text, JobId job, GenerationRequest request, @Nullable Long seed) {
        text.put("Software", "Atelier");
        text.put("job", job.value());
        text.put("model", request.model());
        if (seed != null) {
            text.put("seed", seed.toString());
        }
    }

    private static void full(Map<String, String> text, GenerationRequest request) {
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
