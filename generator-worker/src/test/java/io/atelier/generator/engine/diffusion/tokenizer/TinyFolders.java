package io.atelier.generator.engine.diffusion.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizers of the tiny pipelines in the test resources. */
final class TinyFolders {

    private TinyFolders() {}

    /** A file or folder such as {@code sdxl/tokenizer_2}. */
    static Path path(String name) {
        try {
            var root = Objects.requireNonNull(TinyFolders.class.getResource("/diffusers-tiny/tokenizer-cases.json"));
            return Path.of(root.toURI()).resolveSibling(name);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tokenizer tokenizer(String name) {
        return Tokenizers.read(path(name));
    }

    static JsonNode json(String name) {
        return new JsonMapper().readTree(path(name));
    }

    /** Copies some files of a tokenizer. */
    static void copy(String name, Path target, String... files) {
        try {
            for (var file : files) {
                Files.copy(path(name).resolve(file), target.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ids of a text without padding; all of the text fits. */
    static List<Integer> ids(Tokenizer tokenizer, String text) {
        var tokens = tokenizer.encode(text, 4_000);
        return IntStream.range(0, tokens.unpaddedLength()).mapToObj(tokens::id).toList();
    }

    static List<Integer> ids(JsonNode array) {
        return array.valueStream().map(JsonNode::intValue).toList();
    }
}
