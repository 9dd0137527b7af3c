package io.atelier.generator.prompt;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the prompt in what a language model said, which may be wrapped in a code fence, or follow a remark of its own. */
final class RewrittenPromptParser {

    private static final int LONGEST = 1000;
    private static final int SHORTEST = 10;
    private static final Pattern FENCE = Pattern.compile("(?s)```(?:[\\w-]*[ \\t]*\\R)?(.*?)\\s*```");

    private RewrittenPromptParser() {}

    /** The prompt, of 10 to 1000 characters; empty if there is none. */
    static Optional<String> of(String said) {
        var text = said.strip();
        var fenced = FENCE.matcher(text);
        var bare = cut(fenced.matches() ? fenced.group(1).strip() : text);
        var lines = bare.lines()
                .map(String::strip)
                .filter(line -> line.length() > SHORTEST)
                .toList();
        return lines.stream()
                .filter(line -> !isRemark(line, lines))
                .findFirst()
                .or(() -> Optional.of(bare).filter(all -> all.length() >= SHORTEST));
    }

    /** Ends at a word's end, if it must end. */
    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = LONGEST;
        while (end > 0 && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        if (end == 0) {
            end = Character.isLowSurrogate(text.charAt(LONGEST)) ? LONGEST - 1 : LONGEST;
        }
        return text.substring(0, end).strip();
    }

    /** "The" begins many a prompt, too: only with a colon at its end, or if it speaks of the prompt, such a line is a remark. */
    private static boolean isRemark(String line, List<String> lines) {
        if (line.startsWith("The")) {
            boolean announces =
                    line.endsWith(":") || line.toLowerCase(Locale.ROOT).matches("the\\s.{0,40}\\bprompts?\\b.*");
            return announces && lines.size() > 1;
        }
        return line.startsWith("Enhanced") || line.startsWith("Here");
    }
}
