package io.atelier.generator.engine.diffusion.tokenizer;

/** Steps that remove or replace white space, as a {@code tokenizer.json} can ask for. */
final class WhiteSpaceSteps {

    private WhiteSpaceSteps() {}

    /** Removes white space at the ends of the text. */
    static NormalizationStep strip(boolean left, boolean right) {
        return text -> {
            int from = 0;
            int to = text.length();
            while (left && from < to && CodePoints.isWhiteSpace(text.charAt(from))) {
                from++;
            }
            while (right && to > from && CodePoints.isWhiteSpace(text.charAt(to - 1))) {
                to--;
            }
            return copy(text, from, to);
        };
    }

    private static AlignedText copy(AlignedText text, int from, int to) {
        var out = new AlignedText(to - from);
        int c;
        for (int i = from; i < to; i += Character.charCount(c)) {
            c = text.codePointAt(i);
            out.append(c, text.source(i));
        }
        return out;
    }

    /** Replaces each run of two or more spaces. */
    static NormalizationStep replaceSpaces(String replacement) {
        return text -> {
            var out = new AlignedText(text.length());
            int at = 0;
            while (at < text.length()) {
                int end = spaceEnd(text, at);
                if (end - at > 1) {
                    out.append(replacement, text.source(at));
                    at = end;
                } else {
                    int c = text.codePointAt(at);
                    out.append(c, text.source(at));
                    at += Character.charCount(c);
                }
            }
            return out;
        };
    }

    private static int spaceEnd(AlignedText text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
