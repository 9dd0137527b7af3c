package io.atelier.gateway.api.request;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Says in plain sentences what is wrong with a text that is no JSON. The library's own messages name its settings and classes; they are only matched, to tell
 * one fault from another, and never shown.
 */
final class JsonFaults {

    private static final String VALUES = "a text in double quotes, a number, an object, a list, true, false or null";
    private static final String QUOTES = "Names and texts stand in double quotes (\"), not in other ones.";
    private static final int MAX_SHOWN = 40;

    /** By the beginning of the library's message; the first that matches counts. */
    private static final Map<Pattern, Function<Matcher, String>> SENTENCES = new LinkedHashMap<>();

    static {
        put(
                "Duplicate Object property \"(.*)\"",
                fault -> "The name '%s' comes twice in one object. Send each name once."
                        .formatted(shown(fault.group(1))));
        put(
                "Unexpected character \\('([/#])' ",
                fault -> "'%s' is not allowed here: JSON has no comments.".formatted(fault.group(1)));
        put("Unexpected character \\('['`\u201c\u201d\u2018\u2019]' ", fault -> QUOTES);
        put(
                "Unexpected character \\('(.)' .* in numeric value|Invalid numeric value",
                fault -> "This is no number of JSON: it"
                        + " begins with a digit or a minus sign and a digit, has no zeros before other digits, and has digits after a point"
                        + " and after an exponent.");
        put("Unexpected character .*hex-digit", fault -> "After \\u there must be four hexadecimal digits.");
        put(
                "Unexpected character \\('([}\\]])' .*(start property name|valid value)",
                fault -> ("There is a comma too many or a value too few" + " before '%s'.").formatted(fault.group(1)));
        put("Unexpected character .*start property name", fault -> "A name in double quotes must be here, or '}'.");
        put("Unexpected character .*colon", fault -> "After a name there must be a colon and a value.");
        put("Unexpected character .*comma to separate Object", fault -> "After a value there must be a comma or '}'.");
        put("Unexpected character .*comma to separate Array", fault -> "After a value there must be a comma or ']'.");
        put(
                "Unexpected character \\('(.)' ",
                fault -> "'%s' begins no value. Allowed is %s.".formatted(shown(fault.group(1)), VALUES));
        put(
                "Unexpected close marker '(.)'",
                fault -> "'%s' closes nothing that is open here.".formatted(fault.group(1)));
        put(
                "(?:Unrecognized|Non-standard) token '(.*)':",
                fault -> "'%s' is no value of JSON. Allowed is %s.".formatted(shown(fault.group(1)), VALUES));
        put(
                "Unrecognized character escape",
                fault -> "A backslash in a text must be followed by one of \" \\ / b f n r t u. Write a backslash"
                        + " itself as \\\\.");
        put(
                "Illegal unquoted character",
                fault -> "A text has a line break or another control character. Write it as an escape, such as \\n.");
        put(
                "Illegal character",
                fault ->
                        "A control character is outside of a text. Between values only blanks, tabs and line breaks are"
                                + " allowed.");
    }

    private JsonFaults() {}

    /**
     * The sentence for a failure of the parser.
     *
     * @param maxDepth how many levels of nesting it allows
     * @param maxDigits how many characters of a number it allows
     */
    static String sentence(JacksonException failure, int maxDepth, int maxDigits) {
        if (failure instanceof UnexpectedEndOfInputException) {
            return "The body ends in the middle of a value.";
        }
        if (failure instanceof MismatchedInputException) {
            return "Something follows the value. Send one JSON object and nothing after it.";
        }
        var message = failure.getOriginalMessage();
        if (message.startsWith("Document nesting depth")) {
            return "Objects and lists are nested more than %d levels deep.".formatted(maxDepth);
        }
        if (message.startsWith("Number value length")) {
            return "A number has more than %d characters.".formatted(maxDigits);
        }
        if (message.startsWith("Name length")) {
            return "The name of a field is too long.";
        }
        return SENTENCES.entrySet().stream()
                .map(entry -> new Match(entry.getKey().matcher(message), entry.getValue()))
                .filter(match -> match.matcher.lookingAt())
                .map(match -> match.sentence.apply(match.matcher))
                .findFirst()
                .orElse("The body is not JSON.");
    }

    private static void put(String pattern, Function<Matcher, String> sentence) {
        SENTENCES.put(Pattern.compile(pattern, Pattern.DOTALL), sentence);
    }

    /** Half of a surrogate pair cannot be written as UTF-8. */
    private static String shown(String text) {
        var shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_SHOWN)
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? '?' : point)
                .forEach(shown::appendCodePoint);
        return text.codePointCount(0, text.length()) <= MAX_SHOWN ? shown.toString() : shown + "...";
    }

    private record Match(Matcher matcher, Function<Matcher, String> sentence) {}
}
