package io.atelier.gateway.api.request;

import java.util.Set;

/** Decides whether a text has a character that is visible. */
final class VisibleText {

    /** Letters, marks and symbols that have no glyph: Hangul fillers, Khmer inherent vowels, the combining grapheme joiner, the blank of Braille. */
    private static final Set<Integer> WITHOUT_GLYPH =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0);

    private VisibleText() {}

    /** Whether the text has no visible character: only spaces, controls, formats such as U+200B, and characters without a glyph. */
    static boolean isBlank(String text) {
        return text.codePoints().allMatch(VisibleText::isInvisible);
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT -> true;
            default -> isVariationSelector(codePoint) || WITHOUT_GLYPH.contains(codePoint);
        };
    }

    private static boolean isVariationSelector(int codePoint) {
        return (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
                || (codePoint >= 0xE0100 && codePoint <= 0xE01EF)
                || (codePoint >= 0x180B && codePoint <= 0x180D);
    }
}
