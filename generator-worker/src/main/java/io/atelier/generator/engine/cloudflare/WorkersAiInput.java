package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.GenerationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** What the models of Workers AI are told: each family takes other fields, and only those that it takes are sent. */
final class WorkersAiInput {

    private WorkersAiInput() {}

    static RequestBody of(String model, GenerationRequest wanted, long seed) {
        if (model.contains("/flux-2-")) {
            return form(wanted);
        }
        return WorkerResponses.json(model.contains("/flux-1-") ? flux(wanted, seed) : diffusion(wanted, seed));
    }

    /** FLUX.1: always the same size. */
    private static Map<String, Object> flux(GenerationRequest wanted, long seed) {
        var input = new LinkedHashMap<String, Object>();
        input.put("prompt", wanted.prompt());
        put(input, "steps", wanted.steps());
        input.put("seed", seed);
        return input;
    }

    /** Stable Diffusion, its relatives, and those that take the same words. */
    private static Map<String, Object> diffusion(GenerationRequest wanted, long seed) {
        var input = new LinkedHashMap<String, Object>();
        input.put("prompt", wanted.prompt());
        put(input, "negative_prompt", wanted.negativePrompt());
        input.put("width", wanted.size().width());
        input.put("height", wanted.size().height());
        put(input, "num_steps", wanted.steps());
        put(input, "guidance", wanted.guidanceScale());
        input.put("seed", seed);
        return input;
    }

    private static void put(Map<String, Object> input, String name, @Nullable Object value) {
        if (value != null) {
            input.put(name, value);
        }
    }

    /** FLUX.2 takes forms only. */
    private static RequestBody form(GenerationRequest wanted) {
        var form = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("prompt", wanted.prompt())
                .addFormDataPart("width", Integer.toString(wanted.size().width()))
                .addFormDataPart("height", Integer.toString(wanted.size().height()));
        if (wanted.steps() != null) {
            form.addFormDataPart("steps", wanted.steps().toString());
        }
        return form.build();
    }
}
