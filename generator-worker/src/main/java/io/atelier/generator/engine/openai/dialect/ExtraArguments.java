package io.atelier.generator.engine.openai.dialect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** The tag in the prompt by which stable-diffusion.cpp's server is told what OpenAI's API has no name for. */
final class ExtraArguments {

    private static final String NAME = "sd_cpp_extra_args";
    private static final Pattern TAG = Pattern.compile("<(/?" + NAME + ")>");
    private static final JsonMapper JSON = new JsonMapper();

    private ExtraArguments() {}

    /** The wish's prompt with the tag behind it. A tag that the client wrote is text, and is made to look like it. */
    static String append(OpenAiRequestSpec wish) {
        var prompt = TAG.matcher(wish.prompt()).replaceAll("($1)");
        // The server looks for the end of the tag before it reads the JSON in it.
        var json = JSON.writeValueAsString(arguments(wish)).replace("<", "\\u003c");
        return "%s <%s>%s</%s>".formatted(prompt, NAME, json, NAME);
    }

    private static Map<String, Object> arguments(OpenAiRequestSpec wish) {
        var sampling = new LinkedHashMap<String, Object>();
        if (wish.steps() != null) {
            sampling.put("sample_steps", wish.steps());
        }
        if (wish.guidance() != null) {
            sampling.put("guidance", Map.of("txt_cfg", wish.guidance()));
        }
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("seed", wish.seed());
        if (wish.negativePrompt() != null) {
            arguments.put("negative_prompt", wish.negativePrompt());
        }
        if (!sampling.isEmpty()) {
            arguments.put("sample_params", sampling);
        }
        return arguments;
    }
}
