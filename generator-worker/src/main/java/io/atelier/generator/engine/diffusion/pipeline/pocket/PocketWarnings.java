package io.atelier.generator.engine.diffusion.pipeline.pocket;

import io.atelier.generator.engine.diffusion.pipeline.text.PromptWarning;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says what the model does not know of a prompt, or does not read. Immutable. */
final class PocketWarnings {

    /** Cosine below which the model does not know the subject of the prompt; found by experiments. */
    private static final double MIN_COSINE = 0.45;

    private static final int MOST_WORDS = 5;

    private static final String UNFAMILIAR = "pocket is a small model and does not know the subject of this prompt;"
            + " the nearest thing it knows is \"%s\". Name one simple thing, or connect a larger model.";
    private static final String UNFAMILIAR_PLAIN =
            "pocket is a small model and does not know the subject of this prompt. Connect a larger model.";
    private static final String UNKNOWN_WORDS =
            "pocket does not know %s and draws the image as if the prompt did not have %s.";
    private static final String UNKNOWN_WORDS_PLAIN =
            "pocket does not know %d of the %d different words of this prompt and draws the image as if it did not have them.";
    private static final String SEVERAL_THINGS =
            "pocket draws single things; of several (%s) it may draw none that can be recognised. Name one thing.";
    private static final String SEVERAL_THINGS_PLAIN =
            "pocket draws single things; of the %d in this prompt it may draw none that can be recognised.";
    private static final String TRUNCATED = "pocket reads about 60 words; the rest of the %s was ignored.";

    private final PromptFamiliarity familiarity;
    private final PromptVocabulary vocabulary;

    PocketWarnings(PromptFamiliarity familiarity, PromptVocabulary vocabulary) {
        this.familiarity = familiarity;
        this.vocabulary = vocabulary;
    }

    /** A text that the model did not read to its end. */
    static PromptWarning truncated(String what) {
        return PromptWarning.plain(TRUNCATED.formatted(what));
    }

    /**
     * The warnings about a prompt, in the order in which they are shown.
     *
     * @param states {@code [1, L, 384]} of the prompt
     */
    List<PromptWarning> about(String prompt, TensorValues states) {
        var warnings = new ArrayList<PromptWarning>();
        var nearest = familiarity.nearest(states);
        if (nearest.cosine() < MIN_COSINE) {
            warnings.add(new PromptWarning(UNFAMILIAR.formatted(nearest.name()), UNFAMILIAR_PLAIN));
        }
        var unknown = vocabulary.unknownWords(prompt);
        if (!unknown.isEmpty()) {
            warnings.add(new PromptWarning(
                    UNKNOWN_WORDS.formatted(quoted(unknown), unknown.size() == 1 ? "it" : "them"),
                    UNKNOWN_WORDS_PLAIN.formatted(unknown.size(), vocabulary.countWords(prompt))));
        }
        var things = vocabulary.things(prompt);
        if (things.size() > 1) {
            warnings.add(new PromptWarning(
                    SEVERAL_THINGS.formatted(quoted(things)), SEVERAL_THINGS_PLAIN.formatted(things.size())));
        }
        return warnings;
    }

    private static String quoted(List<String> words) {
        var some = words.stream().limit(MOST_WORDS).map("\"%s\""::formatted).collect(Collectors.joining(", "));
        return words.size() > MOST_WORDS ? some + " and others" : some;
    }
}
