package io.atelier.standalone.system;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a system is made of; each can run in a process of its own. Those that a data folder can have only once are locked. */
public enum SystemPart {
    BROKER(true),
    STORE(true),
    GATEWAY(true),
    GENERATOR(false),
    SPLITTER(false);

    private final boolean onceInAFolder;

    SystemPart(boolean onceInAFolder) {
        this.onceInAFolder = onceInAFolder;
    }

    /** Whether a second one on the same data folder would spoil the first one's files. */
    public boolean onceInAFolder() {
        return onceInAFolder;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Set<SystemPart> all() {
        return Set.of(values());
    }

    /**
     * Reads {@code broker,store}.
     *
     * @throws IllegalArgumentException if a word names no part
     */
    public static Set<SystemPart> parse(String words) {
        return Arrays.stream(words.split(",", -1))
                .map(String::strip)
                .map(SystemPart::of)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SystemPart of(String word) {
        return Arrays.stream(values())
                .filter(part -> part.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'%s' is no part; parts are %s"
                        .formatted(
                                word,
                                Arrays.stream(values()).map(SystemPart::word).collect(Collectors.joining(", ")))));
    }
}
