package io.atelier.generator.persona;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Persona;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Removes what is personal from the messages of failures and from warnings before they are reported and logged: providers quote prompts, and
 * reports stay on topics for days. Replaced by {@value #REDACTED} are the texts of the persona, short names if they are written as the persona
 * writes them, runs of {@value #RUN} or more characters of a bio or a prompt, and quoted words of these. Immutable.
 */
public final class PersonaRedaction {

    /** Changes nothing. */
    public static final PersonaRedaction NONE = new PersonaRedaction(List.of(), List.of(), List.of());

    static final String REDACTED = "[redacted]";
    static final int RUN = 20;

    private static final int MIN_NAME = 4;

    /** The shortest rest of a quotation at the end of a message that was cut. */
    private static final int MIN_REST = 6;

    private static final int MAX_MESSAGE = 2_000;
    private static final String CUT = "...";
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]{2,})\"|'([^']{2,})'");

    /** Clients search for these; they stay, even if a persona says them. */
    private static final List<String> KEPT =
            List.of("content_policy_violation", "timed out", "timeout", "Rate limit exceeded", "api key");

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonMapper ASCII_JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final List<String> names;
    private final List<String> shortNames;
    private final List<String> texts;

    private PersonaRedaction(List<String> names, List<String> shortNames, List<String> texts) {
        this.names = names;
        this.shortNames = shortNames;
        this.texts = texts;
    }

    /**
     * The redaction for a task.
     *
     * @param persona null if the task has none
     * @param prompts all that the task sends or receives
     */
    static PersonaRedaction of(@Nullable Persona persona, List<String> prompts) {
        var names = persona == null
                ? List.<String>of()
                : texts(persona)
                        .map(PersonaRedaction::comparable)
                        .filter(PersonaRedaction::isDistinctive)
                        .toList();
        var texts = Stream.concat(persona == null ? Stream.of() : texts(persona), prompts.stream())
                .flatMap(PersonaRedaction::spellings)
                .filter(text -> !text.isBlank())
                .distinct()
                .toList();
        return new PersonaRedaction(names, shortNames(persona), texts);
    }

    /** Names that could be any word of a message in small letters. */
    private static List<String> shortNames(@Nullable Persona persona) {
        return persona == null
                ? List.of()
                : Stream.of(persona.firstname(), persona.lastname())
                        .map(String::strip)
                        .filter(name ->
                                name.length() > 1 && !isDistinctive(name) && Character.isUpperCase(name.charAt(0)))
                        .toList();
    }

    private static Stream<String> texts(Persona persona) {
        return Stream.of(
                        persona.firstname(),
                        persona.lastname(),
                        persona.firstname() + " " + persona.lastname(),
                        persona.bioFacebook(),
                        persona.bioInstagram(),
                        persona.bioX(),
                        persona.bioTiktok(),
                        persona.ethnicity() == null ? "" : persona.ethnicity())
                .map(String::strip);
    }

    /** A shorter name could be any word of a message, unless it is in another script. */
    private static boolean isDistinctive(String text) {
        return text.length() >= MIN_NAME || text.chars().anyMatch(letter -> letter > 0x7F);
    }

    /** The text as it is, and as servers quote it that repeat the JSON of a request. */
    private static Stream<String> spellings(String text) {
        return Stream.of(text, json(JSON, text), json(ASCII_JSON, text)).map(PersonaRedaction::comparable);
    }

    private static String json(JsonMapper mapper, String text) {
        var quoted = mapper.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** The failure to report in place of another one. Its cause is kept only if it is one of the connection, which quotes nothing. */
    public GenerationFailed redacted(GenerationFailed failed) {
        var failure = redacted(failed.failure());
        return failure.equals(failed.failure())
                ? failed
                : new GenerationFailed(failure, failed.getCause() instanceof IOException cause ? cause : null);
    }

    /** The failure with a redacted message. */
    public Failure redacted(Failure failure) {
        return failure.withMessage(redacted(failure.message()));
    }

    /** The image with a redacted warning. */
    public GeneratedImage redacted(GeneratedImage image) {
        var warning = image.metadata().getOrDefault(GeneratedImage.WARNING, "");
        var redacted = redacted(warning);
        return redacted.equals(warning) ? image : image.with(GeneratedImage.WARNING, redacted);
    }

    /** The text without what is personal; in one line of at most {@value #MAX_MESSAGE} characters if something was. */
    String redacted(String message) {
        if (texts.isEmpty()) {
            return message;
        }
        var line = singleLine(message.substring(0, Math.min(message.length(), MAX_MESSAGE)));
        var found = comparable(line);
        var hidden = new boolean[line.length()];
        names.forEach(name -> hideWords(found, name, hidden));
        shortNames.forEach(name -> hideWords(line, name, hidden));
        for (var text : texts) {
            hideRuns(found, text, hidden);
            hideQuotations(found, text, hidden);
        }
        for (var words : KEPT) {
            show(found, comparable(words), hidden);
        }
        return replaced(line, hidden, message);
    }

    private static void hideWords(String message, String name, boolean[] hidden) {
        for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
            int end = at + name.length();
            boolean isWithinWord = (at > 0 && isAsciiWord(message.charAt(at - 1), message.charAt(at)))
                    || (end < message.length() && isAsciiWord(message.charAt(end - 1), message.charAt(end)));
            if (!isWithinWord) {
                Arrays.fill(hidden, at, end, true);
            }
        }
    }

    private static boolean isAsciiWord(char one, char next) {
        return one < 0x80 && next < 0x80 && Character.isLetterOrDigit(one) && Character.isLetterOrDigit(next);
    }

    private static void hideRuns(String message, String text, boolean[] hidden) {
        for (int at = 0; at + RUN <= message.length(); at++) {
            if (text.contains(message.substring(at, at + RUN))) {
                Arrays.fill(hidden, at, at + RUN, true);
            }
        }
        if (message.endsWith(CUT)) {
            int end = message.length() - CUT.length();
            for (int length = Math.min(RUN, end); length >= MIN_REST; length--) {
                if (text.contains(message.substring(end - length, end))) {
                    Arrays.fill(hidden, end - length, end, true);
                    return;
                }
            }
        }
    }

    private static void hideQuotations(String message, String text, boolean[] hidden) {
        var quoted = QUOTED.matcher(message);
        while (quoted.find()) {
            int group = quoted.group(1) == null ? 2 : 1;
            if (text.contains(quoted.group(group))) {
                Arrays.fill(hidden, quoted.start(group), quoted.end(group), true);
            }
        }
    }

    private static void show(String message, String words, boolean[] hidden) {
        for (int at = message.indexOf(words); at >= 0; at = message.indexOf(words, at + 1)) {
            Arrays.fill(hidden, at, at + words.length(), false);
        }
    }

    private static String replaced(String line, boolean[] hidden, String message) {
        var result = new StringBuilder();
        int from = 0;
        while (from < line.length()) {
            int to = from + 1;
            while (to < line.length() && hidden[to] == hidden[from]) {
                to++;
            }
            var part = line.substring(from, to);
            result.append(hidden[from] ? hidden(part) : part);
            from = to;
        }
        return line.contentEquals(result) ? message : result.toString();
    }

    /** The replacement of a part; blanks at its ends stay. */
    private static String hidden(String part) {
        return part.isBlank() ? part : (part.startsWith(" ") ? " " : "") + REDACTED + (part.endsWith(" ") ? " " : "");
    }

    private static String singleLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    /** In one line and small letters; one character for each, so that positions stay. */
    private static String comparable(String text) {
        var line = singleLine(text);
        var small = new StringBuilder(line.length());
        line.chars().forEach(letter -> small.append(Character.toLowerCase((char) letter)));
        return small.toString();
    }
}
