package io.atelier.generator.engine.diffusion.tokenizer;

/** Properties of Unicode code points as the reference tokenizers define them; those of Java differ in details. */
final class CodePoints {

    private static final int REPLACEMENT = 0xfffd;

    private CodePoints() {}

    /** The Unicode property White_Space. */
    static boolean isWhiteSpace(int c) {
        return c == ' '
                || (c >= '\t' && c <= '\r')
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** The Unicode category L. */
    static boolean isLetter(int c) {
        return Character.isLetter(c);
    }

    /** The Unicode category N, which has fractions and Roman numerals too. */
    static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    /** The Unicode category M. */
    static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** Whether the code point can combine with the one before it: all others begin a part that is normalised on its own. */
    static boolean isCombining(int c) {
        return c > 0x7f && (isMark(c) || isTrailingJamo(c));
    }

    private static boolean isTrailingJamo(int c) {
        return (c >= 0x1161 && c <= 0x1175) || (c >= 0x11a8 && c <= 0x11c2);
    }

    /**
     * Appends the code point in lower case. Each is converted alone: {@link String#toLowerCase} would convert a final capital sigma to another
     * letter than the reference does.
     */
    static void appendLowerCase(int c, int source, AlignedText into) {
        if (c == 0x130) {
            // The only one with two code points in lower case: a capital I with a dot.
            into.append('i', source);
            into.append(0x307, source);
        } else {
            into.append(Character.toLowerCase(c), source);
        }
    }

    /** U+FFFD for a surrogate without its other half, else the code point itself. */
    static int replaceSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c;
    }

    /**
     * Writes the code point in UTF-8.
     *
     * @param into at least 4 bytes
     * @return the number of bytes, 1 to 4
     */
    static int utf8(int c, byte[] into) {
        if (c < 0x80) {
            into[0] = (byte) c;
            return 1;
        }
        int length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        int rest = c;
        for (int i = length - 1; i > 0; i--) {
            into[i] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        into[0] = (byte) (rest | (0xf00 >> length));
        return length;
    }
}
