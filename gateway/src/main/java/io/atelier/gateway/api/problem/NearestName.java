package io.atelier.gateway.api.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the name that a client may have meant with an unknown one. */
public final class NearestName {

    private static final int MAX_LENGTH = 64;

    private NearestName() {}

    /**
     * The text of an error for an unknown name: what it is not, the name that may be meant, and all that are known.
     *
     * @param kind what the names are called, such as {@code field}
     * @param known in the order in which they are listed
     */
    public static String detail(String kind, String name, Collection<String> known) {
        var meant = find(name, known)
                .map(nearest -> " Did you mean '%s'?".formatted(nearest))
                .orElse("");
        var all = known.isEmpty()
                ? "None is known here; leave it out."
                : "Known %ss: %s.".formatted(kind, String.join(", ", known));
        return "There is no such %s.%s %s".formatted(kind, meant, all);
    }

    /** The known name that differs least; empty if none is near. Upper case, and '-' for '_', do not count as a difference. */
    static Optional<String> find(String name, Collection<String> known) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        var word = normal(name);
        return known.stream()
                .filter(each -> isNear(word, normal(each)))
                .min(Comparator.comparingInt(each -> distance(word, normal(each))));
    }

    private static String normal(String name) {
        var text = new StringBuilder();
        name.chars()
                .filter(letter -> letter != '-' && letter != '_')
                .map(Character::toLowerCase)
                .forEach(letter -> text.append((char) letter));
        return text.toString();
    }

    private static boolean isNear(String word, String known) {
        return distance(word, known) <= Math.max(1, Math.max(word.length(), known.length()) / 3)
                || abbreviates(word, known)
                || abbreviates(known, word);
    }

    /** Whether a name has the letters of the shorter one in their order, and begins like it: {@code w} for {@code width}. */
    private static boolean abbreviates(String shorter, String name) {
        if (shorter.isEmpty() || name.isEmpty() || shorter.charAt(0) != name.charAt(0)) {
            return false;
        }
        int found = 0;
        for (int i = 0; i < name.length() && found < shorter.length(); i++) {
            if (name.charAt(i) == shorter.charAt(found)) {
                found++;
            }
        }
        return found == shorter.length();
    }

    /** The Levenshtein distance: how many letters must be added, removed or replaced. */
    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
