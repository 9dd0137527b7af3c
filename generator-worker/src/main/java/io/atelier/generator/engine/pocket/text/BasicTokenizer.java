package io.atelier.generator.engine.pocket.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into words as the basic tokenizer of BERT's uncased models does (Devlin et al., 2019; {@code BertTokenizer} of Hugging Face):
 * removes control characters and accents, converts to lower case, and makes each punctuation mark and each Chinese character a word of its own.
 */
final class BasicTokenizer {

    private BasicTokenizer() {}

    static List<String> words(String text) {
        return split(lowerWithoutAccents(clean(text)));
    }

    private static String clean(String text) {
        var out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isBlank(c)) {
                out.append(' ');
            } else if (isChinese(c)) {
                out.append(' ').appendCodePoint(c).append(' ');
            } else if (!isDropped(c)) {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Converts each code point alone: {@link String#toLowerCase} would convert a final capital sigma to another letter than the reference does. */
    private static String lowerWithoutAccents(String text) {
        var out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFD).codePoints().forEach(c -> {
            if (Character.getType(c) != Character.NON_SPACING_MARK) {
                out.appendCodePoint(Character.toLowerCase(c));
            }
        });
        return out.toString();
    }

    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean separate = isPunctuation(c);
            if (separate || c == ' ') {
                finish(word, words);
            }
            if (c != ' ') {
                word.appendCodePoint(c);
            }
            if (separate) {
                finish(word, words);
            }
        });
        finish(word, words);
        return words;
    }

    private static void finish(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
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
