package io.atelier.gateway.faces.listener;

/**
 * The setting of the port of a face.
 *
 * @param isOpen whether the face is on
 * @param number the port; 0 for any free one
 */
public record FacePort(boolean isOpen, int number) {

    /** The word that switches a face off. */
    public static final String OFF = "off";

    private static final int MAX = 65_535;

    /**
     * The port that a setting names.
     *
     * @throws IllegalArgumentException if it is neither a port nor {@code off}
     */
    public static FacePort of(String text) {
        if (text.isBlank() || text.strip().equalsIgnoreCase(OFF)) {
            return new FacePort(false, 0);
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0 && number <= MAX) {
                return new FacePort(true, number);
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new IllegalArgumentException(
                "'%s' must be a port from 1 to %d, 0 for any free port, or '%s'".formatted(text, MAX, OFF));
    }
}
