package io.atelier.generator.engine.diffusion.tokenizer;

import java.text.Normalizer;

/**
 * Splits a text into words as the basic tokenizer of BERT does (Devlin et al., 2019; {@code BertTokenizer} of Hugging Face): removes control
 * characters, for uncased models accents and capitals too, and makes each punctuation mark and each Chinese character a word of its own.
 *
 * @param lowerCase whether the model is uncased
 * @param stripAccents whether accents are removed
 * @param splitChinese whether each Chinese character is a word
 */
record BertWords(boolean lowerCase, boolean stripAccents, boolean splitChinese) {

    /** The published settings of uncased models. */
    static final BertWords UNCASED = new BertWords(true, true, true);

    /** The text, with spaces at the places where words end. */
    AlignedText normalize(String text) {
        var out = new AlignedText(text.length() + 16);
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (isBlank(c)) {
                out.append(' ', i);
            } else if (splitChinese && isChinese(c)) {
                out.append(' ', i);
                appendParts(c, i, out);
                out.append(' ', i);
            } else if (!isDropped(c)) {
                appendParts(c, i, out);
            }
        }
        return out;
    }

    /** Each code point is decomposed alone: the order of marks does not matter, as they are removed. */
    private void appendParts(int c, int source, AlignedText out) {
        if (c < 0x80 || !stripAccents) {
            append(c, source, out);
        } else {
            Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD)
                    .codePoints()
                    .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
                    .forEach(part -> append(part, source, out));
        }
    }

    private void append(int c, int source, AlignedText out) {
        if (lowerCase) {
            CodePoints.appendLowerCase(c, source, out);
        } else {
            out.append(c, source);
        }
    }

    /** The end of the word that begins at an index of a normalised text; the index itself if it is a space. */
    static int wordEnd(AlignedText text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean separate = isPunctuation(c);
            if (c == ' ' || (separate && at > from)) {
                return at;
            }
            at += Character.charCount(c);
            if (separate) {
                return at;
            }
        }
        return at;
    }

    private static boolean isBlank(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
    }

    /** Unassigned code points are kept: an older Java treats new emoji as unassigned and would drop them. */
    private static boolean isDropped(int c) {
        int type = Character.getType(c);
        return c == 0xfffd || type == Character.CONTROL || type == Character.FORMAT || type == Character.PRIVATE_USE;
    }

    private static boolean isPunctuation(int c) {
        boolean ascii = c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
        return ascii
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION -> true;
                    default -> false;
                };
    }

    /** The reference tokenizer has the same gap from 2B820 to 2B91F. */
    private static boolean isChinese(int c) {
        return (c >= 0x4e00 && c <= 0x9fff)
                || (c >= 0x3400 && c <= 0x4dbf)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0x20000 && c <= 0x2a6df)
                || (c >= 0x2a700 && c <= 0x2b81f)
                || (c >= 0x2b920 && c <= 0x2ceaf)
                || (c >= 0x2f800 && c <= 0x2fa1f);
    }
}
