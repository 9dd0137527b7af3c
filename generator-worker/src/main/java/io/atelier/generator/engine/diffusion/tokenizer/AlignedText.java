package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;

/** A normalised text in which each char has its source: the index in the user's text of the characters that it comes from. For one thread. */
final class AlignedText {

    private char[] chars;
    private int[] sources;
    private int length;

    AlignedText(int capacity) {
        this.chars = new char[Math.max(16, capacity)];
        this.sources = new int[chars.length];
    }

    /** The text itself; a surrogate without its other half becomes U+FFFD, because it has no bytes in UTF-8. */
    static AlignedText of(String text) {
        var aligned = new AlignedText(text.length());
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            aligned.append(CodePoints.replaceSurrogate(codePoint), i);
        }
        return aligned;
    }

    void append(int codePoint, int source) {
        if (Character.isBmpCodePoint(codePoint)) {
            appendChar((char) codePoint, source);
        } else {
            appendChar(Character.highSurrogate(codePoint), source);
            appendChar(Character.lowSurrogate(codePoint), source);
        }
    }

    void append(String text, int source) {
        for (int i = 0; i < text.length(); i++) {
            appendChar(text.charAt(i), source);
        }
    }

    private void appendChar(char c, int source) {
        if (length == chars.length) {
            chars = Arrays.copyOf(chars, 2 * length);
            sources = Arrays.copyOf(sources, 2 * length);
        }
        chars[length] = c;
        sources[length++] = source;
    }

    int length() {
        return length;
    }

    char charAt(int i) {
        return chars[i];
    }

    int codePointAt(int i) {
        return Character.codePointAt(chars, i, length);
    }

    /** The index in the user's text. */
    int source(int i) {
        return sources[i];
    }

    String substring(int from, int to) {
        return new String(chars, from, to - from);
    }
}
