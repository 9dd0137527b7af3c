package io.atelier.standalone.system;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A part of the system, which can run in a process of its own. Exclusive parts may run only once per data folder. */
public enum SystemPart {
    BROKER(true),
    STORE(true),
    GATEWAY(true),
    GENERATOR(false),
    SPLITTER(false);

    private final boolean exclusive;

    SystemPart(boolean exclusive) {
        this.exclusive = exclusive;
    }

    /** Whether a second instance on the same data folder would corrupt the files of the first one. */
    public boolean isExclusive() {
        return exclusive;
    }

    /** The name in {@code --parts} and in messages, such as {@code broker}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Set<SystemPart> all() {
        return Set.of(values());
    }

    /**
     * Parses a comma-separated list such as {@code broker,store}.
     *
     * @throws IllegalArgumentException if an element is not a part
     */
    public static Set<SystemPart> parse(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .map(SystemPart::of)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SystemPart of(String label) {
        return Arrays.stream(values())
                .filter(part -> part.label().equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'%s' is not a part; the parts are %s"
                        .formatted(
                                label,
                                Arrays.stream(values()).map(SystemPart::label).collect(Collectors.joining(", ")))));
    }
}
