package io.atelier.generator.engine.diffusion.tokenizer;

import java.text.Normalizer;
import java.util.OptionalInt;

/**
 * The byte-level BPE of CLIP (Radford et al., 2021): composes the text (NFC), converts it to lower case, splits it into words, numbers of one
 * digit and runs of other characters, and joins the bytes of each. Immutable.
 */
final class ClipSubwords implements SubwordModel {

    /** Normalising takes the square of the number of marks on one letter; no script needs as many. */
    private static final int MAX_COMBINING = 256;

    private static final String[] CONTRACTIONS = {"s", "t", "re", "ve", "m", "ll", "d"};

    private final ByteSymbols symbols;
    private final BytePairMerges merges;
    private final OptionalInt literal;
    private final int literalId;

    /**
     * Creates the model.
     *
     * @param literal a character that is a token of its own wherever it is in a text, such as the {@code !} with which SDXL pads
     * @param literalId its id
     */
    ClipSubwords(ByteSymbols symbols, BytePairMerges merges, OptionalInt literal, int literalId) {
        this.symbols = symbols;
        this.merges = merges;
        this.literal = literal;
        this.literalId = literalId;
    }

    @Override
    public void encode(String text, TokenCollector into) {
        var normalized = normalize(text);
        var word = new BytePairWord();
        int at = 0;
        while (at < normalized.length() && !into.isOverfull()) {
            int c = normalized.codePointAt(at);
            if (CodePoints.isWhiteSpace(c)) {
                at++;
            } else if (isLiteral(c)) {
                into.add(literalId, normalized.source(at));
                at += Character.charCount(c);
            } else {
                int end = wordEnd(normalized, at, c);
                join(normalized, at, end, word);
                word.addTo(into);
                at = end;
            }
        }
    }

    private static AlignedText normalize(String text) {
        var out = new AlignedText(text.length() + 16);
        int at = 0;
        while (at < text.length()) {
            int end = combiningEnd(text, at);
            if (end == at + 1 && text.charAt(at) < 0x80) {
                CodePoints.appendLowerCase(text.charAt(at), at, out);
            } else {
                compose(text, at, end, out);
            }
            at = end;
        }
        return out;
    }

    private static int combiningEnd(String text, int from) {
        int at = from + Character.charCount(text.codePointAt(from));
        int limit = from + MAX_COMBINING;
        while (at < text.length() && at < limit && CodePoints.isCombining(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static void compose(String text, int from, int to, AlignedText out) {
        var composed = Normalizer.normalize(text.substring(from, to), Normalizer.Form.NFC);
        composed.codePoints().map(CodePoints::replaceSurrogate).forEach(c -> CodePoints.appendLowerCase(c, from, out));
    }

    private int wordEnd(AlignedText text, int from, int first) {
        int contraction = first == '\'' ? contraction(text, from + 1) : 0;
        if (contraction > 0) {
            return from + 1 + contraction;
        }
        int at = from + Character.charCount(first);
        if (CodePoints.isNumber(first)) {
            return at;
        }
        boolean letters = CodePoints.isLetter(first);
        while (at < text.length() && belongs(text.codePointAt(at), letters)) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private boolean belongs(int c, boolean letters) {
        return CodePoints.isLetter(c)
                ? letters
                : !letters && !CodePoints.isNumber(c) && !CodePoints.isWhiteSpace(c) && !isLiteral(c);
    }

    /** The length of the English ending after an apostrophe, or 0. */
    private static int contraction(AlignedText text, int from) {
        for (String ending : CONTRACTIONS) {
            int to = from + ending.length();
            if (to <= text.length() && text.substring(from, to).equals(ending)) {
                return ending.length();
            }
        }
        return 0;
    }

    private boolean isLiteral(int c) {
        return literal.isPresent() && literal.getAsInt() == c;
    }

    private void join(AlignedText text, int from, int to, BytePairWord word) {
        word.clear();
        var bytes = new byte[4];
        int count = 0;
        for (int at = from; at < to; at += Character.charCount(text.codePointAt(at))) {
            count = CodePoints.utf8(text.codePointAt(at), bytes);
            for (int i = 0; i < count; i++) {
                word.add(symbols.inner(bytes[i]), text.source(at));
            }
        }
        word.replaceLast(symbols.last(bytes[count - 1]));
        word.join(merges);
    }
}
