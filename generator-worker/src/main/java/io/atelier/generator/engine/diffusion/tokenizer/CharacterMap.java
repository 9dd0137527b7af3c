package io.atelier.generator.engine.diffusion.tokenizer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The precompiled normalisation of SentencePiece (Kudo and Richardson, 2018): a trie from UTF-8 sequences to their replacements, stored as a
 * double array (darts-clone) before the replacements, which end with NUL. Immutable.
 */
final class CharacterMap implements NormalizationStep {

    /** Longer clusters are replaced code point by code point. */
    private static final int MAX_CLUSTER_BYTES = 5;

    private static final int ASCII = 0x80;

    private final int[] trie;
    private final byte[] replacements;

    private CharacterMap(int[] trie, byte[] replacements) {
        this.trie = trie;
        this.replacements = replacements;
    }

    /**
     * Parses the map.
     *
     * @param bytes the size of the trie in bytes, a 32-bit number, then trie and replacements; all little-endian
     * @throws IllegalArgumentException if the bytes are no such map
     */
    static CharacterMap parse(byte[] bytes) {
        try {
            var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int size = buffer.getInt();
            if (size <= 0 || size % Integer.BYTES != 0 || size > buffer.remaining()) {
                throw new IllegalArgumentException(
                        "its trie has %d bytes, but there are %d".formatted(size, buffer.remaining()));
            }
            var trie = new int[size / Integer.BYTES];
            buffer.asIntBuffer().get(trie);
            return new CharacterMap(trie, Arrays.copyOfRange(bytes, Integer.BYTES + size, bytes.length));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it has only %d bytes".formatted(bytes.length), e);
        }
    }

    @Override
    public AlignedText apply(AlignedText text) {
        var out = new AlignedText(text.length() + 16);
        int at = 0;
        while (at < text.length()) {
            int end = clusterEnd(text, at);
            var replacement = bytes(text, at, end) <= MAX_CLUSTER_BYTES ? replacement(text, at, end) : null;
            if (replacement == null) {
                replaceEach(text, at, end, out);
            } else {
                out.append(replacement, text.source(at));
            }
            at = end;
        }
        return out;
    }

    private void replaceEach(AlignedText text, int from, int to, AlignedText out) {
        int at = from;
        while (at < to) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            var replacement = replacement(text, at, next);
            if (replacement == null) {
                out.append(c, text.source(at));
            } else {
                out.append(replacement, text.source(at));
            }
            at = next;
        }
    }

    /** The end of the grapheme cluster, as far as clusters of few bytes need it: CR LF, and a base with marks. */
    private static int clusterEnd(AlignedText text, int from) {
        int c = text.codePointAt(from);
        int at = from + Character.charCount(c);
        if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
            return at + 1;
        }
        if (isControl(c)) {
            return at;
        }
        while (at < text.length() && isExtending(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || (type == Character.FORMAT && !isJoiner(c));
    }

    private static boolean isExtending(int c) {
        return c >= ASCII
                && (CodePoints.isMark(c)
                        || isJoiner(c)
                        || c == 0xff9e
                        || c == 0xff9f
                        || (c >= 0x1f3fb && c <= 0x1f3ff)
                        || (c >= 0xe0020 && c <= 0xe007f));
    }

    private static boolean isJoiner(int c) {
        return c == 0x200c || c == 0x200d;
    }

    private static int bytes(AlignedText text, int from, int to) {
        int bytes = 0;
        // A char is 1 to 3 bytes, a surrogate pair 4: the exact number matters below 6 only.
        for (int i = from; i < to && bytes <= MAX_CLUSTER_BYTES; i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** The replacement of the shortest sequence that the text begins with: the reference takes it for the whole, though the rest is lost. */
    private @Nullable String replacement(AlignedText text, int from, int to) {
        var utf8 = new byte[4];
        int node = offset(trie[0]);
        int c;
        for (int at = from; at < to; at += Character.charCount(c)) {
            c = text.codePointAt(at);
            int count = CodePoints.utf8(c, utf8);
            for (int i = 0; i < count; i++) {
                int label = Byte.toUnsignedInt(utf8[i]);
                node ^= label;
                if (label == 0 || !isNode(node) || label(trie[node]) != label) {
                    return null;
                }
                int unit = trie[node];
                node ^= offset(unit);
                if (hasLeaf(unit)) {
                    return isNode(node) ? replacementAt(trie[node] & Integer.MAX_VALUE) : null;
                }
            }
        }
        return null;
    }

    private boolean isNode(int node) {
        return node >= 0 && node < trie.length;
    }

    private @Nullable String replacementAt(int start) {
        if (start >= replacements.length) {
            return null;
        }
        int end = start;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return new String(replacements, start, end - start, StandardCharsets.UTF_8);
    }

    private static boolean hasLeaf(int unit) {
        return (unit & 0x100) != 0;
    }

    /** The label of a unit; a unit with a value has the highest bit, so that it equals no byte. */
    private static int label(int unit) {
        return unit & 0x800000ff;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >>> 6);
    }
}
