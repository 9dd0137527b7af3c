package io.atelier.generator.provider;

import java.util.regex.Pattern;

/** Words of strangers that people or logs may see: one bounded line, without what looks like a secret. */
public final class RedactedText {

    private static final Pattern SECRETS = Pattern.compile(
            "(?i)(bearer\\s+|basic\\s+|api[-_ ]?key[\"'=: ]+|token[\"'=: ]+|x-amz-signature=|sig(nature)?=)[A-Za-z0-9._~+/=*-]{6,}"
                    + "|\\b(sk|hf|r8|pk|key)[-_][A-Za-z0-9_*-]{8,}");

    private RedactedText() {}

    /** The text in one line of at most so many characters. */
    public static String line(String text, int longest) {
        var plain = SECRETS.matcher(text)
                .replaceAll("[redacted]")
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return plain.length() <= longest ? plain : plain.substring(0, longest) + "...";
    }
}
