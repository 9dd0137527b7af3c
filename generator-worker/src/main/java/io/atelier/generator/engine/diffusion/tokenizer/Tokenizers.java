package io.atelier.generator.engine.diffusion.tokenizer;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Reads tokenizers. */
public final class Tokenizers {

    private Tokenizers() {}

    /**
     * Reads the tokenizer of a folder such as {@code tokenizer_2}. The kind follows from the files: {@code tokenizer.json}, else
     * {@code vocab.json} and {@code merges.txt} (CLIP), {@code spiece.model} (T5) or {@code vocab.txt} (BERT). The start, end and padding tokens
     * and the length are those of {@code special_tokens_map.json} and {@code tokenizer_config.json}.
     *
     * @throws io.atelier.generator.engine.GenerationFailed if a file is missing, damaged or of a kind that is not supported
     */
    public static Tokenizer read(Path folder) {
        var files = new TokenizerFolder(folder);
        requireFiles(files);
        var config = TokenizerConfig.read(files);
        if (files.has("tokenizer.json")) {
            return parse(files.file("tokenizer.json"), config);
        }
        if (files.has("vocab.json") || files.has("merges.txt")) {
            return ClipFiles.read(files, config);
        }
        if (files.has("spiece.model")) {
            return UnigramFiles.read(files.file("spiece.model"), config);
        }
        return WordPieceFiles.read(files.file("vocab.txt"), config);
    }

    private static void requireFiles(TokenizerFolder files) {
        if (files.has("tokenizer.json")) {
            return;
        }
        if (files.has("vocab.json") || files.has("merges.txt")) {
            files.require("vocab.json");
            files.require("merges.txt");
        } else if (!files.has("spiece.model") && !files.has("vocab.txt")) {
            throw files.unknownKind();
        }
    }

    /**
     * Parses a {@code tokenizer.json} that has no settings beside it.
     *
     * @param name of the file, for messages
     * @throws io.atelier.generator.engine.GenerationFailed if it is damaged or of a kind that is not supported
     */
    public static Tokenizer parse(String name, byte[] tokenizerJson) {
        return parse(new TokenizerFile(name, tokenizerJson), TokenizerConfig.none());
    }

    private static Tokenizer parse(TokenizerFile file, TokenizerConfig config) {
        var root = file.json();
        return switch (kind(root.path("model"))) {
            case "BPE" -> ClipFiles.read(file, root, config);
            case "Unigram" -> UnigramFiles.read(file, root, config);
            case "WordPiece" -> WordPieceFiles.read(file, root, config);
            default ->
                throw file.unusable("its model is '%s'; BPE, Unigram and WordPiece are supported"
                        .formatted(kind(root.path("model"))));
        };
    }

    /** Files of old versions do not name the kind. */
    private static String kind(JsonNode model) {
        var guess = model.path("merges").isArray() ? "BPE" : model.path("vocab").isArray() ? "Unigram" : "WordPiece";
        return model.path("type").asString(model.path("vocab").isMissingNode() ? "none" : guess);
    }
}
