package io.atelier.generator.engine.pocket.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokenizer of the text encoder: words, then for each word the longest pieces that the vocabulary has. A control token such as
 * {@code [MASK]} that somebody types is text like any other. Immutable.
 */
final class WordPieceTokenizer {

    /** How many ids a prompt has at most, with {@code [CLS]} before and {@code [SEP]} behind. */
    static final int MAX_IDS = 64;

    private static final int MAX_WORD_LENGTH = 100;
    private static final String CONTINUED = "##";

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

    /** Reads the vocabulary from a {@code tokenizer.json}; the padding and the truncation that the file names are not used. */
    static WordPieceTokenizer of(byte[] tokenizerJson) {
        return new WordPieceTokenizer(new JsonMapper()
                .readValue(tokenizerJson, TokenizerFile.class)
                .model()
                .vocab());
    }

    Tokens tokens(String text) {
        var ids = new ArrayList<Integer>();
        ids.add(start);
        for (String word : BasicTokenizer.of(text)) {
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
        if (word.codePointCount(0, word.length()) > MAX_WORD_LENGTH) {
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
        return from == 0 ? word.substring(0, to) : CONTINUED + word.substring(from, to);
    }

    private int id(String token) {
        return Objects.requireNonNull(vocabulary.get(token), () -> "the vocabulary has no " + token);
    }

    /**
     * A prompt as the text encoder reads it.
     *
     * @param truncated whether the prompt was longer than that
     */
    record Tokens(List<Integer> ids, boolean truncated) {
        Tokens {
            ids = List.copyOf(ids);
        }
    }

    private record TokenizerFile(Model model) {}

    private record Model(Map<String, Integer> vocab) {}
}
