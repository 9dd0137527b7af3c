package io.atelier.generator.provider;

import java.util.regex.Pattern;

/** Makes text of a provider safe for messages and logs: one line of limited length, in which text that looks like a credential is replaced. */
public final class RedactedText {

    private static final Pattern CREDENTIALS = Pattern.compile(
            "(?i)(bearer\\s+|basic\\s+|api[-_ ]?key[\"'=: ]+|token[\"'=: ]+|x-amz-signature=|sig(nature)?=)[A-Za-z0-9._~+/=*-]{6,}"
                    + "|\\b(sk|hf|r8|pk|key)[-_][A-Za-z0-9_*-]{8,}");

    private RedactedText() {}

    /** The text in one line of at most {@code maxLength} characters; a longer one is cut and ends with three dots. */
    public static String singleLine(String text, int maxLength) {
        var plain = CREDENTIALS
                .matcher(text)
                .replaceAll("[redacted]")
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return plain.length() <= maxLength ? plain : plain.substring(0, maxLength) + "...";
    }
}
