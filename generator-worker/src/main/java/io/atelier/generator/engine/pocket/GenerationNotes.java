package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.pocket.text.PromptFamiliarity.Nearest;
import io.atelier.generator.engine.pocket.text.PromptVocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The notes of a generated image: its parameters, and a warning if the model does not know the prompt or did not read all of it.
 *
 * @param truncated whether the prompt was longer than the text encoder reads
 * @param nearest the known name that is nearest to the prompt
 * @param vocabulary the words that the model knows
 */
record GenerationNotes(PocketRequest request, boolean truncated, Nearest nearest, PromptVocabulary vocabulary) {

    /** Cosine below which the model does not know the subject of the prompt; found by experiments. */
    private static final double MIN_COSINE = 0.45;

    private static final String UNFAMILIAR = "pocket is a small model and does not know the subject of this prompt;"
            + " the nearest thing it knows is \"%s\". Name one simple thing, or connect a larger model.";
    private static final String UNKNOWN_WORDS =
            "pocket does not know %s and draws the image as if the prompt did not have %s.";
    private static final String SEVERAL_THINGS =
            "pocket draws single things; of several (%s) it may draw none that" + " can be recognised. Name one thing.";
    private static final String UNFAMILIAR_PERSONAL =
            "pocket is a small model and does not know the subject of this prompt. Connect a larger model.";
    private static final String UNKNOWN_PERSONAL_WORDS =
            "pocket does not know %d of the %d different words of this prompt and draws the image as if it did not have them.";
    private static final String SEVERAL_PERSONAL_THINGS =
            "pocket draws single things; of the %d in this prompt it may draw none that can be recognised.";
    private static final int MOST_WORDS = 5;
    private static final String TRUNCATED = "pocket reads about 60 words; the rest of the prompt was ignored.";

    /** The notes by name, as {@link GeneratedImage#notes} takes them. */
    Map<String, String> byName() {
        var notes = new HashMap<String, String>();
        notes.put("model", "pocket");
        notes.put("native_size", "%1$dx%1$d".formatted(Upsampler.SIDE));
        notes.put("steps", String.valueOf(request.steps()));
        notes.put("guidance_scale", String.valueOf(request.guidance()));
        String warning = warning();
        if (!warning.isEmpty()) {
            notes.put(GeneratedImage.WARNING, warning);
        }
        return notes;
    }

    private String warning() {
        var warnings = new ArrayList<String>();
        if (nearest.cosine() < MIN_COSINE) {
            warnings.add(request.personal() ? UNFAMILIAR_PERSONAL : UNFAMILIAR.formatted(nearest.name()));
        }
        var unknown = vocabulary.unknownWords(request.prompt());
        if (!unknown.isEmpty()) {
            warnings.add(unknown(unknown));
        }
        var things = vocabulary.things(request.prompt());
        if (things.size() > 1) {
            warnings.add(
                    request.personal()
                            ? SEVERAL_PERSONAL_THINGS.formatted(things.size())
                            : SEVERAL_THINGS.formatted(quoted(things)));
        }
        if (truncated) {
            warnings.add(TRUNCATED);
        }
        return String.join(" ", warnings);
    }

    private String unknown(List<String> words) {
        return request.personal()
                ? UNKNOWN_PERSONAL_WORDS.formatted(words.size(), vocabulary.countWords(request.prompt()))
                : UNKNOWN_WORDS.formatted(quoted(words), words.size() == 1 ? "it" : "them");
    }

    private static String quoted(List<String> words) {
        var some = words.stream().limit(MOST_WORDS).map("\"%s\""::formatted).collect(Collectors.joining(", "));
        return words.size() > MOST_WORDS ? some + " and others" : some;
    }
}
