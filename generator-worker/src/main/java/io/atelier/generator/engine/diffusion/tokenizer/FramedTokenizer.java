package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Adds start token, end token and padding to the ids of a {@link SubwordModel}, and cuts what is too long. */
final class FramedTokenizer implements Tokenizer {

    private final SubwordModel model;
    private final Frame frame;
    private final int maxLength;

    FramedTokenizer(SubwordModel model, Frame frame, int maxLength) {
        this.model = model;
        this.frame = frame;
        this.maxLength = maxLength;
    }

    @Override
    public TokenizedText encode(String text, int length) {
        int first = frame.start() == null ? 0 : 1;
        if (length <= first) {
            throw new IllegalArgumentException("%d ids are too few for the start and end tokens; at least %d are needed"
                    .formatted(length, first + 1));
        }
        var tokens = new TokenCollector(length - first - 1);
        model.encode(text, tokens);
        return framed(tokens, first, length, tokens.isOverfull() ? cut(text, tokens.cutFrom()) : null);
    }

    private TokenizedText framed(TokenCollector tokens, int first, int length, @Nullable String cut) {
        var found = tokens.ids();
        var ids = new int[length];
        if (frame.start() != null) {
            ids[0] = frame.start();
        }
        System.arraycopy(found, 0, ids, first, found.length);
        int end = first + found.length;
        ids[end] = frame.end();
        Arrays.fill(ids, end + 1, length, frame.padding());
        return new TokenizedText(ids, end + 1, cut);
    }

    private static @Nullable String cut(String text, int from) {
        int start = from;
        while (start < text.length() && CodePoints.isWhiteSpace(text.charAt(start))) {
            start++;
        }
        return start == text.length() ? null : text.substring(start);
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    /**
     * The ids around those of the text.
     *
     * @param start null if the model has none, as T5
     */
    record Frame(@Nullable Integer start, int end, int padding) {}
}
