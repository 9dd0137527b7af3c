package io.atelier.generator.engine.diffusion.pipeline.pocket;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Compares the words of a prompt with those that the model was trained with: the names of things, colours, counts and places. Unlike
 * {@link PromptFamiliarity}, which looks at a prompt as a whole, it finds single words without a meaning for the model. Immutable.
 */
final class PromptVocabulary {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['’][\\p{L}]+)?");

    /** The longest name, in words, that is looked for. */
    private static final int LONGEST_NAME = 4;

    /** Words that are no things, and that the captions of the training had. */
    private static final Set<String> OTHER_WORDS = Set.of(
            "a",
            "an",
            "the",
            "and",
            "of",
            "with",
            "without",
            "in",
            "on",
            "at",
            "to",
            "before",
            "is",
            "under",
            "wearing",
            "riding",
            "background",
            "sunset",
            "night",
            "underwater",
            "snow",
            "forest",
            "desert",
            "sky",
            "space",
            "grass",
            "sea",
            "red",
            "orange",
            "yellow",
            "green",
            "blue",
            "purple",
            "pink",
            "brown",
            "black",
            "white",
            "grey",
            "gray",
            "gold",
            "silver",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "2",
            "3",
            "4",
            "5",
            "6");

    /** Things that the model draws on other things. */
    private static final Set<String> WORN = Set.of("sunglasses", "glasses", "top hat", "hat");

    private final Set<String> words = new HashSet<>(OTHER_WORDS);
    private final Set<String> names = new HashSet<>();

    private PromptVocabulary(Collection<String> names) {
        for (var name : names) {
            var split = words(name);
            words.addAll(split);
            this.names.add(String.join(" ", split));
        }
    }

    /**
     * Loads the names.
     *
     * @throws io.atelier.generator.engine.GenerationFailed if the file is missing or damaged
     */
    static PromptVocabulary load(ClassPathModel folder) {
        return new PromptVocabulary(folder.lines("vocabulary.txt"));
    }

    /** The words of the prompt that the model does not know, in lower case and each once, in their order. */
    List<String> unknownWords(String prompt) {
        var unknown = new LinkedHashSet<String>();
        for (var word : words(prompt)) {
            if (!words.contains(word) && !words.contains(singular(word))) {
                unknown.add(word);
            }
        }
        return List.copyOf(unknown);
    }

    /** How many different words the prompt has. */
    int countWords(String prompt) {
        return Set.copyOf(words(prompt)).size();
    }

    /** The names of different things in the prompt, without those that the model draws on other things, such as glasses. */
    List<String> things(String prompt) {
        var split = words(prompt);
        var things = new LinkedHashSet<String>();
        int at = 0;
        while (at < split.size()) {
            int length = Math.min(LONGEST_NAME, split.size() - at);
            while (length > 0 && !isName(split.subList(at, at + length))) {
                length--;
            }
            if (length > 0) {
                things.add(singular(String.join(" ", split.subList(at, at + length))));
            }
            at += Math.max(1, length);
        }
        things.removeAll(WORN);
        return List.copyOf(things);
    }

    private boolean isName(List<String> candidate) {
        var name = String.join(" ", candidate);
        return !OTHER_WORDS.contains(name)
                && (names.contains(name) || names.contains(singular(name)) || WORN.contains(name));
    }

    /** Many names are plural already, such as glasses: those are looked for first. */
    private static String singular(String word) {
        return word.length() > 3 && word.endsWith("s") && !word.endsWith("ss") && !WORN.contains(word)
                ? word.substring(0, word.length() - 1)
                : word;
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
