package io.atelier.generator.engine.diffusion.tokenizer;

/**
 * How a unigram vocabulary writes spaces: as a visible character at the start of a word. Immutable.
 *
 * @param mark the character, usually U+2581
 * @param prefix which parts of a text get one in front although no space is there
 * @param splitAtWhiteSpace whether words end at any white space, which is then dropped; else the text is one part
 * @param splitAtMarks whether a part is split before each mark
 */
record Metaspace(char mark, Prefix prefix, boolean splitAtWhiteSpace, boolean splitAtMarks) {

    /** The published settings of T5. */
    static final Metaspace T5 = new Metaspace('\u2581', Prefix.ALWAYS, true, true);

    /** Where a mark is added. */
    enum Prefix {
        ALWAYS,
        FIRST,
        NEVER
    }

    /** The end of the part of the text that begins at an index. */
    int partEnd(AlignedText text, int from) {
        int at = splitAtWhiteSpace ? from : text.length();
        while (at < text.length() && !CodePoints.isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The first index from which a part begins. */
    int partStart(AlignedText text, int from) {
        int at = from;
        while (splitAtWhiteSpace && at < text.length() && CodePoints.isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** A part with marks in place of its spaces. */
    AlignedText marked(AlignedText text, int from, int to) {
        var out = new AlignedText(to - from + 1);
        boolean first = from == 0 || text.source(from) == 0;
        boolean wanted = prefix == Prefix.ALWAYS || (prefix == Prefix.FIRST && first);
        if (wanted && text.charAt(from) != ' ' && text.charAt(from) != mark) {
            out.append(mark, text.source(from));
        }
        int c;
        for (int i = from; i < to; i += Character.charCount(c)) {
            c = text.codePointAt(i);
            out.append(c == ' ' ? mark : c, text.source(i));
        }
        return out;
    }

    /** The end of the word that begins at an index of a marked part. */
    int wordEnd(AlignedText marked, int from) {
        int at = splitAtMarks ? from + 1 : marked.length();
        while (at < marked.length() && marked.charAt(at) != mark) {
            at++;
        }
        return at;
    }
}
