package io.atelier.generator.engine.openai.dialect;

import io.atelier.generator.engine.Capability;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manners of a server that speaks as OpenAI's images API does: how it calls what the API has no name for, and what it would refuse. What
 * a server has no name for is not sent to it.
 */
public enum Dialect {
    /** OpenAI itself, and gateways before it: refuses fields that it does not know. */
    OPENAI(Names.NONE, 10, "image[]", 16),
    /** OpenVINO Model Server: refuses fields that it does not know; its version, {@code /v3}, is part of its address. */
    OVMS(Names.OPENVINO, 1, "image", 1),
    /** LocalAI: what not to draw follows the prompt after a bar; names its pictures by address unless it is told otherwise. */
    LOCALAI(Names.STEP_AND_SEED, 1, null, 0) {
        @Override
        String prompt(OpenAiRequestSpec wish) {
            var prompt = wish.prompt().replace('|', '/');
            return wish.negativePrompt() == null ? prompt : prompt + "|" + wish.negativePrompt();
        }
    },
    /** The server of stable-diffusion.cpp: takes what the API has no name for from a tag in the prompt. */
    SDCPP(Names.IN_THE_PROMPT, 8, "image[]", 16) {
        @Override
        String prompt(OpenAiRequestSpec wish) {
            return ExtraArguments.append(wish);
        }

        @Override
        void tell(OpenAiRequestSpec wish, Map<String, Object> fields) {
            // The prompt has told all.
        }
    },
    /** vLLM-Omni. */
    VLLM_OMNI(Names.DIFFUSERS, 1, "image", 16),
    /** SGLang Diffusion: has a default for the form of its answers that it refuses itself. */
    SGLANG(Names.DIFFUSERS, 1, "image[]", 16),
    /** Ollama: draws one picture a call. */
    OLLAMA(Names.SEED, 1, null, 0),
    /** Another Atelier. */
    ATELIER(Names.NATIVE, 1, null, 0);

    private final Names names;
    private final int mostAtOnce;
    private final @Nullable String sourcePart;
    private final int mostSources;

    Dialect(Names names, int mostAtOnce, @Nullable String sourcePart, int mostSources) {
        this.names = names;
        this.mostAtOnce = mostAtOnce;
        this.sourcePart = sourcePart;
        this.mostSources = mostSources;
    }

    /** Whether it is spoken by the vendor itself. */
    public boolean isVendors() {
        return this == OPENAI;
    }

    /** What a server of this kind can be told and do. */
    public Set<Capability> capabilities() {
        var capabilities = EnumSet.noneOf(Capability.class);
        if (this != OPENAI) {
            capabilities.add(Capability.SIZE);
        }
        if (sourcePart != null) {
            capabilities.add(Capability.EDIT);
        }
        if (names.steps != null) {
            capabilities.add(Capability.STEPS);
        }
        if (names.guidance != null) {
            capabilities.add(Capability.GUIDANCE);
        }
        if (names.seed != null) {
            capabilities.add(Capability.SEED);
        }
        if (names.negativePrompt != null || this == LOCALAI) {
            capabilities.add(Capability.NEGATIVE_PROMPT);
        }
        return capabilities;
    }

    /**
     * How many pictures one call may ask for. One, where the seeds of a call's later pictures are the server's secret: picture i is to have
     * the seed that follows picture i - 1's.
     */
    public int mostAtOnce() {
        return mostAtOnce;
    }

    /** What the server calls a picture to be changed; empty if it changes none. */
    public String sourcePart() {
        return sourcePart == null ? "" : sourcePart;
    }

    /** How many pictures the server takes to be changed. */
    public int mostSources() {
        return mostSources;
    }

    /** The fields that tell the server of the wish, and no others, in the order in which a form has them. */
    public Map<String, Object> fields(OpenAiRequestSpec wish) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("prompt", prompt(wish));
        fields.put("model", wish.model());
        fields.put("n", wish.n());
        fields.put("size", wish.size());
        tell(wish, fields);
        if (mustBeAskedForBase64(wish.model())) {
            fields.put("response_format", "b64_json");
        }
        return fields;
    }

    /** The prompt in the server's own notation. */
    String prompt(OpenAiRequestSpec wish) {
        return wish.prompt();
    }

    /** Adds what the API has no name for. */
    void tell(OpenAiRequestSpec wish, Map<String, Object> fields) {
        put(fields, names.steps, wish.steps());
        put(fields, names.guidance, wish.guidance());
        put(fields, names.seed, wish.seed());
        put(fields, names.negativePrompt, wish.negativePrompt());
    }

    private boolean mustBeAskedForBase64(String model) {
        return switch (this) {
            case OPENAI -> !GptImage.includes(model);
            case OVMS, SDCPP -> false;
            case LOCALAI, VLLM_OMNI, SGLANG, OLLAMA, ATELIER -> true;
        };
    }

    private static void put(Map<String, Object> fields, @Nullable String name, @Nullable Object value) {
        if (name != null && value != null) {
            fields.put(name, value);
        }
    }

    /** What servers call things; null for what they have no name for. */
    private enum Names {
        NONE(null, null, null, null),
        OPENVINO("num_inference_steps", "guidance_scale", "rng_seed", "negative_prompt"),
        DIFFUSERS("num_inference_steps", "guidance_scale", "seed", "negative_prompt"),
        IN_THE_PROMPT("sample_steps", "txt_cfg", "seed", "negative_prompt"),
        NATIVE("steps", "guidance_scale", "seed", "negative_prompt"),
        STEP_AND_SEED("step", null, "seed", null),
        SEED(null, null, "seed", null);

        private final @Nullable String steps;
        private final @Nullable String guidance;
        private final @Nullable String seed;
        private final @Nullable String negativePrompt;

        Names(
                @Nullable String steps,
                @Nullable String guidance,
                @Nullable String seed,
                @Nullable String negativePrompt) {
            this.steps = steps;
            this.guidance = guidance;
            this.seed = seed;
            this.negativePrompt = negativePrompt;
        }
    }
}
