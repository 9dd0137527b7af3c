package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.GenerationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Builds request bodies for models of Workers AI. Each family of models takes other fields, and only those are sent. */
final class WorkersAiInput {

    private WorkersAiInput() {}

    static RequestBody of(String model, GenerationRequest request, long seed) {
        if (model.contains("/flux-2-")) {
            return form(request);
        }
        return WorkerResponses.json(model.contains("/flux-1-") ? flux(request, seed) : diffusion(request, seed));
    }

    /** FLUX.1, which has no field for the size. */
    private static Map<String, Object> flux(GenerationRequest request, long seed) {
        var input = new LinkedHashMap<String, Object>();
        input.put("prompt", request.prompt());
        put(input, "steps", request.steps());
        input.put("seed", seed);
        return input;
    }

    /** Stable Diffusion, and models that take the same fields. */
    private static Map<String, Object> diffusion(GenerationRequest request, long seed) {
        var input = new LinkedHashMap<String, Object>();
        input.put("prompt", request.prompt());
        put(input, "negative_prompt", request.negativePrompt());
        input.put("width", request.size().width());
        input.put("height", request.size().height());
        put(input, "num_steps", request.steps());
        put(input, "guidance", request.guidanceScale());
        input.put("seed", seed);
        return input;
    }

    private static void put(Map<String, Object> input, String name, @Nullable Object value) {
        if (value != null) {
            input.put(name, value);
        }
    }

    /** FLUX.2, which takes multipart forms only. */
    private static RequestBody form(GenerationRequest request) {
        var form = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("prompt", request.prompt())
                .addFormDataPart("width", Integer.toString(request.size().width()))
                .addFormDataPart("height", Integer.toString(request.size().height()));
        if (request.steps() != null) {
            form.addFormDataPart("steps", request.steps().toString());
        }
        return form.build();
    }
}
