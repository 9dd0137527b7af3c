package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.generator.engine.diffusion.tokenizer.Metaspace.Prefix;
import io.atelier.generator.engine.diffusion.tokenizer.Vocabulary.Special;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the tokenizer of T5, from {@code tokenizer.json} or from {@code spiece.model}. */
final class UnigramFiles {

    private static final int MAX_LENGTH = 512;
    private static final Special END_TOKEN = new Special("eos_token", "</s>");
    private static final Special PADDING_TOKEN = new Special("pad_token", "<pad>");
    private static final String SPACES = " {2,}";

    private UnigramFiles() {}

    /** Reads a {@code spiece.model}. */
    static Tokenizer read(TokenizerFile file, TokenizerConfig config) {
        try {
            var content = SentencePieceFile.parse(file.bytes());
            if (!content.isUnigram()) {
                throw file.unusable("it is no unigram model; others are not supported");
            }
            var steps = new ArrayList<NormalizationStep>();
            if (content.characterMap().length > 0) {
                steps.add(CharacterMap.parse(content.characterMap()));
            }
            return tokenizer(pieces(content, file), steps, Metaspace.T5, config);
        } catch (IllegalArgumentException e) {
            throw file.unusable("it is damaged: " + e.getMessage(), e);
        }
    }

    private static Pieces pieces(SentencePieceFile content, TokenizerFile file) {
        var pieces = new Pieces(file);
        var control = new HashSet<String>();
        for (var piece : content.pieces()) {
            if (piece.isUnknown()) {
                pieces.unknown = pieces.texts.size();
            }
            if (!piece.isText()) {
                control.add(piece.text());
            }
            pieces.add(piece.text(), piece.score());
        }
        pieces.control.addAll(control);
        return pieces;
    }

    /** Reads a {@code tokenizer.json}. */
    static Tokenizer read(TokenizerFile file, JsonNode root, TokenizerConfig config) {
        var model = root.path("model");
        if (model.path("byte_fallback").asBoolean(false)) {
            throw file.unusable("it converts unknown characters to bytes, which is not supported");
        }
        var pieces = new Pieces(file);
        for (var piece : model.path("vocab")) {
            if (!piece.path(0).isString() || !piece.path(1).isNumber()) {
                throw file.unusable(
                        "piece %d of the vocabulary has no text or no score".formatted(pieces.texts.size()));
            }
            pieces.add(piece.path(0).stringValue(), piece.path(1).doubleValue());
        }
        pieces.unknown = model.path("unk_id").asInt(-1);
        for (var token : root.path("added_tokens")) {
            if (token.path("special").asBoolean(false)) {
                pieces.control.add(token.path("content").asString(""));
            }
        }
        return tokenizer(
                pieces, steps(root.path("normalizer"), file), spaces(root.path("pre_tokenizer"), file), config);
    }

    private static List<NormalizationStep> steps(JsonNode normalizer, TokenizerFile file) {
        var steps = new ArrayList<NormalizationStep>();
        switch (normalizer.path("type").asString("")) {
            case "" -> {}
            case "Sequence" -> normalizer.path("normalizers").forEach(step -> steps.addAll(steps(step, file)));
            case "Precompiled" -> steps.add(characterMap(normalizer.path("precompiled_charsmap"), file));
            case "Strip" ->
                steps.add(WhiteSpaceSteps.strip(
                        normalizer.path("strip_left").asBoolean(true),
                        normalizer.path("strip_right").asBoolean(true)));
            case "Replace" -> steps.add(replacement(normalizer, file));
            default ->
                throw file.unusable("its normalizer '%s' is not supported"
                        .formatted(normalizer.path("type").asString()));
        }
        return steps;
    }

    private static NormalizationStep replacement(JsonNode step, TokenizerFile file) {
        var pattern = step.path("pattern").path("Regex").asString("");
        if (!pattern.equals(SPACES)) {
            throw file.unusable(
                    "its normalizer replaces %s; only '%s' is supported".formatted(step.path("pattern"), SPACES));
        }
        return WhiteSpaceSteps.replaceSpaces(step.path("content").asString(""));
    }

    private static CharacterMap characterMap(JsonNode map, TokenizerFile file) {
        try {
            return CharacterMap.parse(Base64.getDecoder().decode(map.asString("")));
        } catch (IllegalArgumentException e) {
            throw file.unusable("its precompiled_charsmap is damaged: " + e.getMessage(), e);
        }
    }

    private static Metaspace spaces(JsonNode preTokenizer, TokenizerFile file) {
        return switch (preTokenizer.path("type").asString("")) {
            case "Metaspace" -> metaspace(preTokenizer, false, file);
            case "Sequence" -> sequence(preTokenizer.path("pretokenizers"), file);
            default -> throw unsupported(preTokenizer, file);
        };
    }

    private static Metaspace sequence(JsonNode parts, TokenizerFile file) {
        boolean whiteSpaceFirst = parts.path(0).path("type").asString("").equals("WhitespaceSplit");
        var last = parts.path(parts.size() - 1);
        boolean supported = parts.size() == (whiteSpaceFirst ? 2 : 1)
                && last.path("type").asString("").equals("Metaspace");
        if (!supported) {
            throw unsupported(parts, file);
        }
        return metaspace(last, whiteSpaceFirst, file);
    }

    private static RuntimeException unsupported(JsonNode preTokenizer, TokenizerFile file) {
        return file.unusable("its pre_tokenizer is not supported: only WhitespaceSplit and Metaspace are, not "
                + preTokenizer.findValuesAsString("type"));
    }

    private static Metaspace metaspace(JsonNode node, boolean splitAtWhiteSpace, TokenizerFile file) {
        var mark = node.path("replacement").asString("");
        // Older files have only the flag.
        var old = node.path("add_prefix_space").asBoolean(true) ? "always" : "never";
        var scheme = node.path("prepend_scheme").asString(old).toUpperCase(Locale.ROOT);
        if (mark.length() != 1 || !Set.of("ALWAYS", "FIRST", "NEVER").contains(scheme)) {
            throw file.unusable("its Metaspace has replacement '%s' and prepend_scheme '%s'".formatted(mark, scheme));
        }
        return new Metaspace(
                mark.charAt(0),
                Prefix.valueOf(scheme),
                splitAtWhiteSpace,
                node.path("split").asBoolean(true));
    }

    private static Tokenizer tokenizer(
            Pieces pieces, List<NormalizationStep> steps, Metaspace spaces, TokenizerConfig config) {
        pieces.control.addAll(config.tokens());
        var frame = pieces.vocabulary().frame(config, null, END_TOKEN, PADDING_TOKEN);
        var subwords = new UnigramSubwords(steps, spaces, pieces.model());
        return new FramedTokenizer(subwords, frame, config.maxLength(MAX_LENGTH));
    }

    /** Pieces while they are collected; a piece's id is its position. */
    private static final class Pieces {

        private final TokenizerFile file;
        private final List<String> texts = new ArrayList<>();
        private final List<Double> scores = new ArrayList<>();
        private final Set<String> control = new HashSet<>();
        private int unknown = -1;

        Pieces(TokenizerFile file) {
            this.file = file;
        }

        void add(String text, double score) {
            texts.add(text);
            scores.add(score);
        }

        Vocabulary vocabulary() {
            Map<String, Integer> ids = new HashMap<>();
            for (int id = 0; id < texts.size(); id++) {
                ids.put(texts.get(id), id);
            }
            return new Vocabulary(ids, file);
        }

        UnigramModel model() {
            if (unknown < 0 || unknown >= texts.size()) {
                throw file.unusable("it has no piece for unknown characters");
            }
            var trie = new PieceTrie.Builder();
            for (int id = 0; id < texts.size(); id++) {
                // A control token is no text: without it, typing it gives ordinary pieces.
                if (id != unknown && !texts.get(id).isEmpty() && !control.contains(texts.get(id))) {
                    trie.add(texts.get(id), id);
                }
            }
            double[] logProbabilities =
                    scores.stream().mapToDouble(Double::doubleValue).toArray();
            return new UnigramModel(trie.build(), logProbabilities, unknown);
        }
    }
}
