package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The WordPiece tokenizer of BERT (Wu et al., 2016; Devlin et al., 2019): splits a text into words, and each word, from left to right, into the
 * longest pieces of the vocabulary. Immutable.
 */
final class WordPieceSubwords implements SubwordModel {

    private final BertWords words;
    private final Map<String, Integer> vocabulary;
    private final Settings settings;
    private final int longestPiece;

    WordPieceSubwords(BertWords words, Map<String, Integer> vocabulary, Settings settings) {
        this.words = words;
        this.vocabulary = Map.copyOf(vocabulary);
        this.settings = settings;
        this.longestPiece =
                vocabulary.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    @Override
    public void encode(String text, TokenCollector into) {
        var normalized = words.normalize(text);
        int at = 0;
        while (at < normalized.length() && !into.isOverfull()) {
            int end = BertWords.wordEnd(normalized, at);
            if (end > at) {
                encodeWord(normalized, at, end, into);
            }
            at = Math.max(end, at + 1);
        }
    }

    private void encodeWord(AlignedText text, int from, int to, TokenCollector into) {
        var word = text.substring(from, to);
        var pieces = pieces(word);
        if (pieces == null) {
            into.add(settings.unknown(), text.source(from));
            return;
        }
        int count = 0;
        for (int at = 0; at < word.length(); at = pieces[count++]) {
            into.add(pieceId(word, at, pieces[count]), text.source(from + at));
        }
    }

    /** The ends of the pieces, or null if the word as a whole is unknown. */
    private int @Nullable [] pieces(String word) {
        if (word.codePointCount(0, word.length()) > settings.maxWordCodePoints()) {
            return null;
        }
        var ends = new int[word.length()];
        int count = 0;
        for (int from = 0; from < word.length(); from = ends[count++]) {
            int to = Math.min(word.length(), from + longestPiece);
            while (to > from && !vocabulary.containsKey(piece(word, from, to))) {
                to--;
            }
            if (to == from) {
                return null;
            }
            ends[count] = to;
        }
        return ends;
    }

    private int pieceId(String word, int from, int to) {
        return vocabulary.getOrDefault(piece(word, from, to), settings.unknown());
    }

    private String piece(String word, int from, int to) {
        return from == 0 ? word.substring(0, to) : settings.continuation() + word.substring(from, to);
    }

    /**
     * Settings of a vocabulary.
     *
     * @param continuation the start of pieces that do not begin a word, {@code ##}
     * @param maxWordCodePoints longer words are unknown
     */
    record Settings(int unknown, String continuation, int maxWordCodePoints) {}
}
