package io.atelier.avatarsample.provider;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What OpenAI's images API answers for models of the family {@code gpt-image}, and what it refuses. */
final class OpenAiImages {

    private static final Set<String> PARAMETERS = Set.of(
            "prompt",
            "model",
            "n",
            "size",
            "quality",
            "background",
            "output_format",
            "output_compression",
            "moderation",
            "user");
    private static final Set<String> SIZES = Set.of("auto", "1024x1024", "1536x1024", "1024x1536");
    private static final Set<String> IMAGE_PARTS = Set.of("image", "image[]");
    private static final int LONGEST_PROMPT = 32_000;
    private static final int MOST_IMAGES = 10;
    private static final int MOST_SOURCES = 16;

    private OpenAiImages() {}

    /** The files of an edit that are to be changed, not its mask. */
    static List<FormFile> sources(ProviderForm form) {
        return form.files().stream()
                .filter(file -> IMAGE_PARTS.contains(file.name()))
                .toList();
    }

    /** Why the request is refused; empty if it is answered with images. */
    static Optional<ScriptedAnswer> refusal(ProviderCall call, ProviderForm form, String authorization) {
        if (!authorization.matches("Bearer \\S+")) {
            return Optional.of(ScriptedAnswer.openAiError(
                    401, "invalid_request_error", "invalid_api_key", "You didn't provide an API key."));
        }
        boolean edits = call.endpoint() == ProviderEndpoint.EDITS;
        return Stream.of(
                        unknownParameter(form, edits),
                        prompt(form),
                        model(form),
                        size(form),
                        count(form),
                        edits ? files(form) : Optional.<ScriptedAnswer>empty())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The answer with these images, in OpenAI's form. */
    static ScriptedAnswer answer(ProviderCall call, List<BufferedImage> images) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("created", 1_796_083_200L);
        answer.put("background", "opaque");
        answer.put(
                "data",
                images.stream()
                        .map(image -> Map.of("b64_json", Base64.getEncoder().encodeToString(ScriptedImages.png(image))))
                        .toList());
        answer.put("output_format", "png");
        answer.put("quality", "low");
        answer.put("size", images.get(0).getWidth() + "x" + images.get(0).getHeight());
        answer.put("usage", usage(call, images.size()));
        return new ScriptedAnswer(
                200,
                Map.of("x-request-id", "req_" + FormFile.sha256(call.body()).substring(0, 32)),
                JsonText.write(answer));
    }

    private static Map<String, Object> usage(ProviderCall call, int images) {
        long textTokens = call.text().length() / 4 + 1L;
        long imageTokens = 200L * call.files().size();
        long outputTokens = 272L * images;
        var usage = new LinkedHashMap<String, Object>();
        usage.put("total_tokens", textTokens + imageTokens + outputTokens);
        usage.put("input_tokens", textTokens + imageTokens);
        usage.put("output_tokens", outputTokens);
        usage.put("input_tokens_details", Map.of("text_tokens", textTokens, "image_tokens", imageTokens));
        return usage;
    }

    private static Optional<ScriptedAnswer> unknownParameter(ProviderForm form, boolean edits) {
        return form.fields().keySet().stream()
                .filter(name -> !PARAMETERS.contains(name) && !(edits && name.equals("input_fidelity")))
                .findFirst()
                .map(name -> ScriptedAnswer.refused("unknown_parameter", "Unknown parameter: '%s'.".formatted(name)));
    }

    private static Optional<ScriptedAnswer> prompt(ProviderForm form) {
        var prompt = form.fields().getOrDefault("prompt", "");
        if (prompt.isEmpty()) {
            return Optional.of(
                    ScriptedAnswer.refused("missing_required_parameter", "Missing required parameter: 'prompt'."));
        }
        return prompt.length() > LONGEST_PROMPT
                ? Optional.of(ScriptedAnswer.refused(
                        "string_above_max_length",
                        "Invalid 'prompt': string too long. Expected a string with maximum length 32000."))
                : Optional.empty();
    }

    private static Optional<ScriptedAnswer> model(ProviderForm form) {
        var model = form.fields().getOrDefault("model", "");
        return model.startsWith("gpt-image-")
                ? Optional.empty()
                : Optional.of(ScriptedAnswer.openAiError(
                        404,
                        "invalid_request_error",
                        "model_not_found",
                        "The model `%s` does not exist.".formatted(model)));
    }

    private static Optional<ScriptedAnswer> size(ProviderForm form) {
        var size = form.fields().getOrDefault("size", "auto");
        return SIZES.contains(size)
                ? Optional.empty()
                : Optional.of(ScriptedAnswer.refused("invalid_value", "Invalid size '%s'.".formatted(size)));
    }

    private static Optional<ScriptedAnswer> count(ProviderForm form) {
        var count = form.fields().getOrDefault("n", "1");
        return count.matches("[1-9]|" + MOST_IMAGES)
                ? Optional.empty()
                : Optional.of(ScriptedAnswer.refused("invalid_value", "Invalid value for 'n': '%s'.".formatted(count)));
    }

    private static Optional<ScriptedAnswer> files(ProviderForm form) {
        var sources = sources(form);
        if (sources.isEmpty()) {
            return Optional.of(
                    ScriptedAnswer.refused("missing_required_parameter", "Missing required parameter: 'image'."));
        }
        boolean readable = sources.stream()
                .allMatch(file -> ScriptedImages.read(file.bytes()).isPresent());
        return readable && sources.size() <= MOST_SOURCES
                ? Optional.empty()
                : Optional.of(ScriptedAnswer.refused(
                        "invalid_image_file", "Invalid image file or mode, or more than 16 of them."));
    }
}
