package io.atelier.generator.engine.openai.dialect;

import io.atelier.generator.engine.Capability;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The differences of a kind of server from OpenAI's images API: the names of fields that the API lacks, and its limits. A parameter for which a
 * server has no field is not sent.
 */
public enum Dialect {
    /** OpenAI itself, and gateways in front of it: refuses unknown fields. */
    OPENAI(FieldNames.NONE, 10, "image[]", 16, MaskForm.TRANSPARENT),
    /** OpenVINO Model Server: refuses unknown fields; the address contains its version, {@code /v3}. */
    OVMS(FieldNames.OPENVINO, 1, "image", 1, MaskForm.WHITE),
    /** LocalAI: the negative prompt follows the prompt after a bar; answers with URLs of images unless base64 is requested. */
    LOCALAI(FieldNames.STEP_AND_SEED, 1, null, 0, MaskForm.NONE) {
        @Override
        String prompt(OpenAiRequestSpec spec) {
            var prompt = spec.prompt().replace('|', '/');
            return spec.negativePrompt() == null ? prompt : prompt + "|" + spec.negativePrompt();
        }
    },
    /** The server of stable-diffusion.cpp: reads parameters that the API lacks from a tag in the prompt. */
    SDCPP(FieldNames.PROMPT_TAG, 8, "image[]", 16, MaskForm.WHITE) {
        @Override
        String prompt(OpenAiRequestSpec spec) {
            return ExtraArguments.append(spec);
        }

        @Override
        void putSampling(OpenAiRequestSpec spec, Map<String, Object> fields) {
            // The tag in the prompt has them all.
        }
    },
    /** vLLM-Omni. */
    VLLM_OMNI(FieldNames.DIFFUSERS, 1, "image", 16, MaskForm.NONE),
    /** SGLang Diffusion: refuses the default of its own field {@code response_format}. */
    SGLANG(FieldNames.DIFFUSERS, 1, "image[]", 16, MaskForm.NONE),
    /** Ollama: generates one image per call. */
    OLLAMA(FieldNames.SEED, 1, null, 0, MaskForm.NONE),
    /** Another Atelier. */
    ATELIER(FieldNames.NATIVE, 1, null, 0, MaskForm.NONE);

    private final FieldNames fieldNames;
    private final int maxImagesPerCall;
    private final @Nullable String sourcePart;
    private final int maxSources;
    private final MaskForm maskForm;

    Dialect(
            FieldNames fieldNames,
            int maxImagesPerCall,
            @Nullable String sourcePart,
            int maxSources,
            MaskForm maskForm) {
        this.fieldNames = fieldNames;
        this.maxImagesPerCall = maxImagesPerCall;
        this.sourcePart = sourcePart;
        this.maxSources = maxSources;
        this.maskForm = maskForm;
    }

    public boolean isOpenAi() {
        return this == OPENAI;
    }

    /** Whether the server knows the parameters of OpenAI's own models, such as the quality. */
    public boolean takesOptions() {
        return this == OPENAI || this == ATELIER;
    }

    /** The parameters and functions that servers of this kind support. */
    public Set<Capability> capabilities() {
        var capabilities = EnumSet.noneOf(Capability.class);
        if (this != OPENAI) {
            capabilities.add(Capability.SIZE);
        }
        if (sourcePart != null) {
            capabilities.add(Capability.EDIT);
        }
        if (maskForm != MaskForm.NONE) {
            capabilities.add(Capability.MASK);
        }
        if (takesStrength()) {
            capabilities.add(Capability.STRENGTH);
        }
        if (fieldNames.steps != null) {
            capabilities.add(Capability.STEPS);
        }
        if (fieldNames.guidance != null) {
            capabilities.add(Capability.GUIDANCE);
        }
        if (fieldNames.seed != null) {
            capabilities.add(Capability.SEED);
        }
        if (fieldNames.negativePrompt != null || this == LOCALAI) {
            capabilities.add(Capability.NEGATIVE_PROMPT);
        }
        return capabilities;
    }

    /**
     * The greatest number of images per call. One if the seeds of a call's later images are not known: image i must have the seed after that
     * of image i - 1.
     */
    public int maxImagesPerCall() {
        return maxImagesPerCall;
    }

    /** The name of the form part that holds a source image; empty if the server cannot edit images. */
    public String sourcePart() {
        return sourcePart == null ? "" : sourcePart;
    }

    /** The greatest number of source images per call; 0 if the server cannot edit images. */
    public int maxSources() {
        return maxSources;
    }

    /** The form in which the server expects masks. */
    public MaskForm maskForm() {
        return maskForm;
    }

    /** Whether the server takes how much to change source images. */
    private boolean takesStrength() {
        return this == OVMS || this == SDCPP;
    }

    /** The fields of the request, in the order in which a form has them: only those that the server knows. */
    public Map<String, Object> fields(OpenAiRequestSpec spec) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("prompt", prompt(spec));
        fields.put("model", spec.model());
        fields.put("n", spec.n());
        fields.put("size", spec.size());
        putSampling(spec, fields);
        if (needsBase64Requested(spec)) {
            fields.put("response_format", "b64_json");
        }
        return fields;
    }

    /** The prompt in the notation of the server. */
    String prompt(OpenAiRequestSpec spec) {
        return spec.prompt();
    }

    /** Adds the parameters that the API lacks. */
    void putSampling(OpenAiRequestSpec spec, Map<String, Object> fields) {
        var sampling = spec.sampling();
        put(fields, fieldNames.steps, sampling.steps());
        put(fields, fieldNames.guidance, sampling.guidance());
        put(fields, fieldNames.seed, sampling.seed());
        put(fields, fieldNames.negativePrompt, spec.negativePrompt());
        put(fields, takesStrength() ? "strength" : null, sampling.strength());
    }

    /** Whether the server answers with URLs, or not at all, unless {@code b64_json} is requested. */
    private boolean needsBase64Requested(OpenAiRequestSpec spec) {
        return switch (this) {
            case OPENAI -> !spec.gptImage();
            case OVMS, SDCPP -> false;
            case LOCALAI, VLLM_OMNI, SGLANG, OLLAMA, ATELIER -> true;
        };
    }

    private static void put(Map<String, Object> fields, @Nullable String name, @Nullable Object value) {
        if (name != null && value != null) {
            fields.put(name, value);
        }
    }

    /** The names of the fields that the API lacks; null for a parameter that the server does not know. */
    private enum FieldNames {
        NONE(null, null, null, null),
        OPENVINO("num_inference_steps", "guidance_scale", "rng_seed", "negative_prompt"),
        DIFFUSERS("num_inference_steps", "guidance_scale", "seed", "negative_prompt"),
        PROMPT_TAG("sample_steps", "txt_cfg", "seed", "negative_prompt"),
        NATIVE("steps", "guidance_scale", "seed", "negative_prompt"),
        STEP_AND_SEED("step", null, "seed", null),
        SEED(null, null, "seed", null);

        private final @Nullable String steps;
        private final @Nullable String guidance;
        private final @Nullable String seed;
        private final @Nullable String negativePrompt;

        FieldNames(
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
