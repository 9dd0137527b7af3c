package io.atelier.generator.engine.pocket.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * The WordPiece tokenizer of the text encoder, as in BERT (Wu et al., 2016; Devlin et al., 2019): splits a text into words, and each word, from
 * left to right, into the longest pieces of the vocabulary. A control token in a prompt, such as {@code [MASK]}, is treated as text. Immutable.
 */
final class WordPieceTokenizer {

    /** The maximum number of ids, including {@code [CLS]} at the start and {@code [SEP]} at the end. */
    static final int MAX_IDS = 64;

    private static final int MAX_WORD_CODE_POINTS = 100;
    private static final String CONTINUATION_PREFIX = "##";

    private final Map<String, Integer> vocabulary;
    private final int start;
    private final int end;
    private final int unknown;

    WordPieceTokenizer(Map<String, Integer> vocabulary) {
        this.vocabulary = Map.copyOf(vocabulary);
        this.start = id("[CLS]");
        this.end = id("[SEP]");
        this.unknown = id("[UNK]");
    }

    /** Reads the vocabulary of a {@code tokenizer.json}; padding and truncation in the file are ignored. */
    static WordPieceTokenizer read(byte[] tokenizerJson) {
        return new WordPieceTokenizer(new JsonMapper()
                .readValue(tokenizerJson, TokenizerFile.class)
                .model()
                .vocab());
    }

    /** The ids of a text, with {@code [CLS]} and {@code [SEP]}, without padding. */
    Tokens tokenize(String text) {
        var ids = new ArrayList<Integer>();
        ids.add(start);
        for (String word : BasicTokenizer.words(text)) {
            if (ids.size() >= MAX_IDS) {
                break;
            }
            ids.addAll(pieces(word));
        }
        boolean truncated = ids.size() > MAX_IDS - 1;
        var kept = new ArrayList<>(truncated ? ids.subList(0, MAX_IDS - 1) : ids);
        kept.add(end);
        return new Tokens(kept, truncated);
    }

    private List<Integer> pieces(String word) {
        if (word.codePointCount(0, word.length()) > MAX_WORD_CODE_POINTS) {
            return List.of(unknown);
        }
        var pieces = new ArrayList<Integer>();
        for (int from = 0; from < word.length(); ) {
            int to = word.length();
            Integer id = vocabulary.get(piece(word, from, to));
            while (id == null && --to > from) {
                id = vocabulary.get(piece(word, from, to));
            }
            if (id == null) {
                return List.of(unknown);
            }
            pieces.add(id);
            from = to;
        }
        return pieces;
    }

    private static String piece(String word, int from, int to) {
        return from == 0 ? word.substring(0, to) : CONTINUATION_PREFIX + word.substring(from, to);
    }

    private int id(String token) {
        return Objects.requireNonNull(vocabulary.get(token), () -> "The vocabulary has no token " + token);
    }

    /**
     * The token ids of a prompt.
     *
     * @param ids at most {@value #MAX_IDS}
     * @param truncated whether the prompt had more
     */
    record Tokens(List<Integer> ids, boolean truncated) {
        Tokens {
            ids = List.copyOf(ids);
        }
    }

    private record TokenizerFile(Model model) {}

    private record Model(Map<String, Integer> vocab) {}
}
