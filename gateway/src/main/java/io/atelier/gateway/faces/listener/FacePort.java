package io.atelier.gateway.faces.listener;

import java.util.regex.Pattern;

/**
 * The setting of the port of a face.
 *
 * @param isOpen whether the face is on
 * @param number the port; 0 for any free one
 */
public record FacePort(boolean isOpen, int number) {

    /** The word that switches a face off. */
    public static final String OFF = "off";

    /** All values of the setting, as a regular expression. */
    public static final String PATTERN =
            "(?i)off|[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";

    /** The rule for the setting, in words. */
    public static final String RULE = "must be a port from 1 to 65535, 0 for any free port, or off";

    private static final Pattern VALUES = Pattern.compile(PATTERN);

    /**
     * The port that a setting names.
     *
     * @throws IllegalArgumentException if it is neither a port nor {@code off}
     */
    public static FacePort of(String text) {
        if (!VALUES.matcher(text).matches()) {
            throw new IllegalArgumentException("'%s' %s".formatted(text, RULE));
        }
        return text.equalsIgnoreCase(OFF) ? new FacePort(false, 0) : new FacePort(true, Integer.parseInt(text));
    }
}
