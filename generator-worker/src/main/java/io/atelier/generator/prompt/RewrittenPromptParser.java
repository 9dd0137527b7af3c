package io.atelier.generator.prompt;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Extracts the prompt from the text of a language model, which may wrap it in a code fence or put a remark before it. */
final class RewrittenPromptParser {

    private static final int MAX_LENGTH = 1000;
    private static final int MIN_LENGTH = 10;
    private static final Pattern FENCE = Pattern.compile("(?s)```(?:[\\w-]*[ \\t]*\\R)?(.*?)\\s*```");

    private RewrittenPromptParser() {}

    /** The prompt, of 10 to 1000 characters; empty if the text contains none. */
    static Optional<String> parse(String content) {
        var text = content.strip();
        var fenced = FENCE.matcher(text);
        var bare = shortened(fenced.matches() ? fenced.group(1).strip() : text);
        var lines = bare.lines()
                .map(String::strip)
                .filter(line -> line.length() > MIN_LENGTH)
                .toList();
        return lines.stream()
                .filter(line -> !isRemark(line, lines))
                .findFirst()
                .or(() -> Optional.of(bare).filter(all -> all.length() >= MIN_LENGTH));
    }

    /** Shortens a text that is too long, at the end of a word if it has one. */
    private static String shortened(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = MAX_LENGTH;
        while (end > 0 && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        if (end == 0) {
            end = Character.isLowSurrogate(text.charAt(MAX_LENGTH)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        }
        return text.substring(0, end).strip();
    }

    /** A prompt may also begin with "The": such a line is a remark only if it ends with a colon or mentions the prompt. */
    private static boolean isRemark(String line, List<String> lines) {
        if (line.startsWith("The")) {
            boolean announcesPrompt =
                    line.endsWith(":") || line.toLowerCase(Locale.ROOT).matches("the\\s.{0,40}\\bprompts?\\b.*");
            return announcesPrompt && lines.size() > 1;
        }
        return line.startsWith("Enhanced") || line.startsWith("Here");
    }
}
