package io.atelier.image.png;

import io.atelier.contract.job.GenerationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an image in the form of the AUTOMATIC1111 web UI, which image browsers and other user interfaces read: the prompt, a line that
 * begins with {@code Negative prompt:}, and a last line such as {@code Steps: 20, Seed: 1, Size: 512x512, Model: sdxl, Version: Atelier}.
 */
final class GenerationParameters {

    /** The keyword of the text chunk. */
    static final String KEYWORD = "parameters";

    private static final String NEGATIVE = "Negative prompt: ";

    /** Would be read as the beginning of the negative prompt. */
    private static final Pattern FALSE_NEGATIVE = Pattern.compile("^(\\s*)Negative prompt:", Pattern.MULTILINE);

    private GenerationParameters() {}

    /**
     * The text.
     *
     * @param seed seed of this image; null if the engine uses none
     * @param size of the image, which may be another than requested
     * @param engineMetadata entries of the engine, of which {@code sampler} is used
     */
    static String text(
            GenerationRequest request, @Nullable Long seed, PngHeader size, Map<String, String> engineMetadata) {
        // Readers take a last line for parameters only if it has at least three of them: size, model and version are
        // always there.
        var parameters = new LinkedHashMap<String, @Nullable Object>();
        parameters.put("Steps", request.steps());
        parameters.put("Sampler", engineMetadata.get("sampler"));
        parameters.put("CFG scale", request.guidanceScale());
        parameters.put("Seed", seed);
        parameters.put("Size", size.width() + "x" + size.height());
        parameters.put("Model", request.model());
        parameters.put("Denoising strength", request.strength());
        parameters.put("Version", "Atelier");
        var lastLine = parameters.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry -> entry.getKey() + ": " + quoted(String.valueOf(entry.getValue())))
                .collect(Collectors.joining(", "));
        var negative = request.negativePrompt() == null ? "" : "\n" + NEGATIVE + prompt(request.negativePrompt());
        return prompt(request.prompt()) + negative + "\n" + lastLine;
    }

    private static String prompt(String text) {
        return FALSE_NEGATIVE.matcher(VisibleCharacters.of(text).strip()).replaceAll("$1negative prompt:");
    }

    /** A value that could be mistaken for several is a JSON string. */
    private static String quoted(String value) {
        var clean = VisibleCharacters.of(value);
        boolean isPlain = clean.chars().noneMatch(c -> c == ',' || c == ':' || c == '\n' || c == '"');
        return isPlain
                ? clean
                : '"'
                        + clean.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t")
                        + '"';
    }
}
