package io.atelier.standalone.console;

import java.util.List;

/** Numbers of bytes in words for people, with units of 1000. */
public final class ByteCount {

    private static final int STEP = 1_000;
    private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB", "PB", "EB");

    private ByteCount() {}

    /** Two to three digits and a unit, such as {@code 812 B}, {@code 340 kB} or {@code 6.9 GB}. */
    public static String text(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        // What would be rounded to 1000 is one of the next unit.
        while (value >= STEP - 0.5 && unit < UNITS.size() - 1) {
            value /= STEP;
            unit++;
        }
        return (value < 9.95 ? "%.1f %s" : "%.0f %s").formatted(value, UNITS.get(unit));
    }
}
