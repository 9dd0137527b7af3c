package io.atelier.generator.persona;

import io.atelier.contract.job.Persona;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of an avatar by templates: that of the base image, and those of the grids for a worker without a flow that writes them. A line of a
 * template whose placeholder has no value is left out; what a client wrote is never searched for placeholders. Immutable.
 */
public final class PersonaPrompts {

    /** The longest prompt that providers accept, in characters. */
    public static final int MAX_LENGTH = 32_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_0-9]+)}");
    private static final String SENTENCE_ENDS = ".!?\u2026";
    private static final int CELLS = 4;

    private final List<String> baseTemplate = lines("base.txt");
    private final List<String> gridTemplate = lines("grid.txt");
    private final List<String> scenes = lines("scenes.txt");
    private final List<String> styles = lines("styles.txt");
    private final String suffix;

    /** @param suffix put at the end of the prompts of base images and grids; blank for none */
    public PersonaPrompts(String suffix) {
        this.suffix = suffix.strip();
    }

    /**
     * The prompt of the base image, with the suffix.
     *
     * @param styleSeed chooses light and style; null to leave both open
     */
    public String base(Persona persona, @Nullable Long styleSeed) {
        var values = values(persona);
        if (styleSeed != null) {
            values.put("style", style(styleSeed));
        }
        return withSuffix(fill(baseTemplate, values));
    }

    /**
     * A prompt for a grid with four images of the person, without the suffix.
     *
     * @param index number of the prompt within its job, from 0: other numbers up to 5 give other scenes
     * @param styleSeed chooses style and scenes, the same for all prompts of a job; null for the usual ones
     */
    public String grid(Persona persona, int index, @Nullable Long styleSeed) {
        var values = values(persona);
        int first = index * CELLS;
        if (styleSeed != null) {
            values.put("style", style(styleSeed));
            first += CELLS * new SplittableRandom(styleSeed).split().nextInt(scenes.size() / CELLS);
        }
        for (int cell = 0; cell < CELLS; cell++) {
            values.put("scene_" + (cell + 1), scenes.get((first + cell) % scenes.size()));
        }
        return shortened(fill(gridTemplate, values), MAX_LENGTH);
    }

    /** The prompt with the suffix at its end, shortened before the suffix if both are too long. */
    public String withSuffix(String prompt) {
        if (suffix.isEmpty()) {
            return shortened(prompt, MAX_LENGTH);
        }
        return shortened(prompt, MAX_LENGTH - suffix.length() - 1) + "\n" + suffix;
    }

    private String style(long seed) {
        return styles.get(new SplittableRandom(seed).nextInt(styles.size()));
    }

    private static Map<String, String> values(Persona persona) {
        var values = new HashMap<String, String>();
        Stream.of(persona.bioFacebook(), persona.bioInstagram(), persona.bioX(), persona.bioTiktok())
                .filter(bio -> !bio.isBlank())
                .findFirst()
                .ifPresent(bio -> values.put("bio", sentence(bio)));
        if (persona.ethnicity() != null) {
            values.put("ethnicity", persona.ethnicity());
        }
        if (persona.age() != null) {
            values.put("age", persona.age().toString());
        }
        values.put("gender", gender(persona.gender()));
        return values;
    }

    /** The word for a gender: {@code m} and {@code f} are abbreviations, all others are taken as they are. */
    static String gender(String given) {
        return switch (given.strip().toLowerCase(Locale.ROOT)) {
            case "m", "male" -> "male";
            case "f", "female" -> "female";
            default -> given.strip();
        };
    }

    private static String sentence(String text) {
        var stripped = text.strip();
        return SENTENCE_ENDS.indexOf(stripped.charAt(stripped.length() - 1)) < 0 ? stripped + "." : stripped;
    }

    private static String fill(List<String> template, Map<String, String> values) {
        var prompt = new StringBuilder();
        for (var line : template) {
            var placeholder = PLACEHOLDER.matcher(line);
            if (!placeholder.find()) {
                prompt.append(line).append('\n');
                continue;
            }
            var value = values.getOrDefault(placeholder.group(1), "");
            if (!value.isBlank()) {
                prompt.append(line, 0, placeholder.start())
                        .append(value)
                        .append(line, placeholder.end(), line.length())
                        .append('\n');
            }
        }
        return prompt.toString().strip();
    }

    private static String shortened(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int end = Character.isLowSurrogate(text.charAt(maxLength)) ? maxLength - 1 : maxLength;
        return text.substring(0, end);
    }

    private static List<String> lines(String name) {
        try (InputStream file = PersonaPrompts.class.getResourceAsStream(name)) {
            var text = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
            return text.strip().lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
