package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.generator.engine.diffusion.tokenizer.FramedTokenizer.Frame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The ids of all tokens, and the file that they are from. Immutable. */
final class Vocabulary {

    private static final int MAX_ID = 1 << 24;

    private final Map<String, Integer> ids;
    private final TokenizerFile file;

    Vocabulary(Map<String, Integer> ids, TokenizerFile file) {
        this.ids = Map.copyOf(ids);
        this.file = file;
    }

    /**
     * Reads a JSON object of tokens and ids.
     *
     * @param added tokens with {@code content} and {@code id} that belong to it too, or a missing node
     */
    static Vocabulary of(JsonNode object, JsonNode added, TokenizerFile file) {
        var ids = new HashMap<String, Integer>();
        if (!object.isObject() || object.isEmpty()) {
            throw file.unusable("it has no vocabulary");
        }
        object.properties().forEach(entry -> ids.put(entry.getKey(), id(entry.getKey(), entry.getValue(), file)));
        for (var token : added) {
            var content = token.path("content").asString("");
            ids.put(content, id(content, token.path("id"), file));
        }
        return new Vocabulary(ids, file);
    }

    private static int id(String token, JsonNode id, TokenizerFile file) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() > MAX_ID) {
            throw file.unusable("the id of token '%s' is %s, but must be 0 to %d".formatted(token, id, MAX_ID));
        }
        return id.intValue();
    }

    Map<String, Integer> ids() {
        return ids;
    }

    /** The id of a special token, which must exist. */
    int special(String role, String token) {
        var id = ids.get(token);
        if (id == null) {
            throw file.unusable("it lacks '%s', which is the %s".formatted(token, role));
        }
        return id;
    }

    /** The ids around a text. */
    Frame frame(TokenizerConfig config, @Nullable Special start, Special end, Special padding) {
        return new Frame(start == null ? null : start.id(this, config), end.id(this, config), padding.id(this, config));
    }

    /**
     * A special token by its role in the settings.
     *
     * @param role such as {@code pad_token}
     * @param otherwise the token if the settings name none
     */
    record Special(String role, String otherwise) {

        int id(Vocabulary vocabulary, TokenizerConfig config) {
            return vocabulary.special(role, config.token(role, otherwise));
        }
    }
}
