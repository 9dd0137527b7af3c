package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The settings beside a vocabulary: {@code special_tokens_map.json} and {@code tokenizer_config.json}, both optional. For the name of a special
 * token the first one decides.
 */
final class TokenizerConfig {

    private static final String SETTINGS = "tokenizer_config.json";
    private static final List<String> LISTS = List.of("additional_special_tokens", "extra_special_tokens");

    private final List<JsonNode> files;

    private TokenizerConfig(List<JsonNode> files) {
        this.files = List.copyOf(files);
    }

    static TokenizerConfig read(TokenizerFolder folder) {
        var files = new ArrayList<JsonNode>();
        for (var name : List.of("special_tokens_map.json", SETTINGS)) {
            if (folder.has(name)) {
                files.add(folder.file(name).json());
            }
        }
        return new TokenizerConfig(files);
    }

    /** No settings: all have their published values. */
    static TokenizerConfig none() {
        return new TokenizerConfig(List.of());
    }

    /**
     * The text of a special token.
     *
     * @param role such as {@code pad_token}
     */
    String token(String role, String otherwise) {
        return files.stream()
                .map(file -> content(file.path(role)))
                .filter(token -> !token.isEmpty())
                .findFirst()
                .orElse(otherwise);
    }

    /** The texts of all special tokens that are named. */
    Set<String> tokens() {
        var tokens = new HashSet<String>();
        for (var file : files) {
            file.properties().stream()
                    .filter(entry -> entry.getKey().endsWith("_token"))
                    .forEach(entry -> tokens.add(content(entry.getValue())));
            LISTS.forEach(list -> file.path(list).forEach(token -> tokens.add(content(token))));
        }
        tokens.remove("");
        return tokens;
    }

    /** A token is written as a string, or as an object with options that do not matter here. */
    private static String content(JsonNode token) {
        var text = token.isObject() ? token.path("content") : token;
        return text.isString() ? text.stringValue() : "";
    }

    /** Files without a limit name a number far above all integers. */
    int maxLength(int otherwise) {
        return files.stream()
                .map(file -> file.path("model_max_length").asDouble(0))
                .filter(length -> length >= 1 && length <= Integer.MAX_VALUE)
                .findFirst()
                .map(Double::intValue)
                .orElse(otherwise);
    }

    boolean flag(String name, boolean otherwise) {
        return files.stream()
                .map(file -> file.path(name))
                .filter(JsonNode::isBoolean)
                .findFirst()
                .map(JsonNode::booleanValue)
                .orElse(otherwise);
    }
}
