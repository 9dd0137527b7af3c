package io.atelier.generator.engine.openai.dialect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** The tag in the prompt with which the server of stable-diffusion.cpp receives parameters that OpenAI's API lacks. */
final class ExtraArguments {

    private static final String NAME = "sd_cpp_extra_args";
    private static final Pattern TAG = Pattern.compile("<(/?" + NAME + ")>");
    private static final JsonMapper JSON = new JsonMapper();

    private ExtraArguments() {}

    /** The prompt with the tag appended. Tags that the client wrote are escaped, so that they remain text. */
    static String append(OpenAiRequestSpec spec) {
        var prompt = TAG.matcher(spec.prompt()).replaceAll("($1)");
        // The server looks for the end of the tag before it parses the JSON in it.
        var json = JSON.writeValueAsString(arguments(spec)).replace("<", "\\u003c");
        return "%s <%s>%s</%s>".formatted(prompt, NAME, json, NAME);
    }

    private static Map<String, Object> arguments(OpenAiRequestSpec spec) {
        var sampling = spec.sampling();
        var sampleParams = new LinkedHashMap<String, Object>();
        if (sampling.steps() != null) {
            sampleParams.put("sample_steps", sampling.steps());
        }
        if (sampling.guidance() != null) {
            sampleParams.put("guidance", Map.of("txt_cfg", sampling.guidance()));
        }
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("seed", sampling.seed());
        if (spec.negativePrompt() != null) {
            arguments.put("negative_prompt", spec.negativePrompt());
        }
        if (sampling.strength() != null) {
            arguments.put("strength", sampling.strength());
        }
        if (!sampleParams.isEmpty()) {
            arguments.put("sample_params", sampleParams);
        }
        return arguments;
    }
}
