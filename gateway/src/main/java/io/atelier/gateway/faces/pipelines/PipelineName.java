package io.atelier.gateway.faces.pipelines;

import java.util.Set;
import java.util.regex.Pattern;

/** The rule for the names of pipelines, which are parts of paths. */
public final class PipelineName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** The names of other paths of the face. */
    private static final Set<String> RESERVED = Set.of("status", "docs");

    private PipelineName() {}

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException with the rule if it breaks it
     */
    public static String require(String name) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new IllegalArgumentException(
                    "The name '%s' must have 1 to 64 letters, digits, '_' or '-', and not be one of docs, status."
                            .formatted(name.replaceAll("\\p{Cntrl}", "?")));
        }
        return name;
    }
}
