package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The content of one file of a tokenizer. */
final class TokenizerFile {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final String name;
    private final byte[] bytes;

    /**
     * Takes over the bytes.
     *
     * @param name for messages, with its folder
     */
    TokenizerFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    List<String> lines() {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    /** The JSON object of the file. */
    JsonNode json() {
        try {
            var root = MAPPER.readTree(bytes);
            if (!root.isObject()) {
                throw unusable("it is no JSON object", null);
            }
            return root;
        } catch (JacksonException e) {
            throw unusable("it is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    GenerationFailed unusable(String problem) {
        return unusable(problem, null);
    }

    /**
     * The failure for a file with a wrong content.
     *
     * @param problem what is wrong, as a clause
     */
    GenerationFailed unusable(String problem, @Nullable Throwable cause) {
        return failed(
                "The tokenizer file %s cannot be used: %s. Download or export the model again."
                        .formatted(name, problem),
                cause);
    }

    static GenerationFailed failed(String message, @Nullable Throwable cause) {
        return new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, message), cause);
    }
}
