package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.List;

/** The unigram tokenizer of T5: normalises a text, splits it into words and each word into its most probable pieces. Immutable. */
final class UnigramSubwords implements SubwordModel {

    private final List<NormalizationStep> steps;
    private final Metaspace spaces;
    private final UnigramModel model;

    UnigramSubwords(List<NormalizationStep> steps, Metaspace spaces, UnigramModel model) {
        this.steps = List.copyOf(steps);
        this.spaces = spaces;
        this.model = model;
    }

    @Override
    public void encode(String text, TokenCollector into) {
        var normalized = AlignedText.of(text);
        for (var step : steps) {
            normalized = step.apply(normalized);
        }
        int at = spaces.partStart(normalized, 0);
        while (at < normalized.length() && !into.isOverfull()) {
            int end = spaces.partEnd(normalized, at);
            encodeWords(spaces.marked(normalized, at, end), into);
            at = spaces.partStart(normalized, end);
        }
    }

    private void encodeWords(AlignedText part, TokenCollector into) {
        int at = 0;
        while (at < part.length() && !into.isOverfull()) {
            int end = spaces.wordEnd(part, at);
            model.encode(part, at, end, into);
            at = end;
        }
    }
}
