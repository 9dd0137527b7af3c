package io.atelier.gateway.faces.listener;

import java.util.regex.Pattern;

/**
 * The setting of the port of a face.
 *
 * @param isOpen whether the face is on
 * @param number the port; 0 for any free one
 * @param isOptional whether the face stays closed if another process has the port; otherwise the gateway does not start
 */
public record FacePort(boolean isOpen, int number, boolean isOptional) {

    /** The word that switches a face off. */
    public static final String OFF = "off";

    /** What stands before a port that the face only takes if no other process has it. */
    public static final String IF_FREE = "if-free:";

    /** All values of the setting, as a regular expression. */
    public static final String PATTERN = "(?i)off|(" + IF_FREE
            + ")?([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    /** The rule for the setting, in words. */
    public static final String RULE =
            "must be a port from 1 to 65535, 0 for any free port, off, or if-free:PORT for a face that is closed while another process has the port";

    private static final Pattern VALID = Pattern.compile(PATTERN);
    /** The port of a face that is off. */
    public static final FacePort CLOSED = new FacePort(false, 0, false);

    /**
     * The port that a setting names.
     *
     * @throws IllegalArgumentException if it is none of those that {@link #RULE} allows
     */
    public static FacePort of(String text) {
        var setting = text.strip();
        if (setting.isEmpty() || setting.equalsIgnoreCase(OFF)) {
            return CLOSED;
        }
        if (!VALID.matcher(setting).matches()) {
            throw new IllegalArgumentException("'%s' %s".formatted(text, RULE));
        }
        boolean isOptional = setting.regionMatches(true, 0, IF_FREE, 0, IF_FREE.length());
        return new FacePort(
                true, Integer.parseInt(isOptional ? setting.substring(IF_FREE.length()) : setting), isOptional);
    }
}
