package io.atelier.gateway.api.files;

import java.util.Map;
import java.util.Set;

/**
 * The parts that a multipart body may have.
 *
 * @param files the names of the parts with files, each with the highest number of files
 * @param texts the names of the other parts, which are texts
 * @param takesUnknown whether texts of other names are taken too
 */
public record FormParts(Map<String, Integer> files, Set<String> texts, boolean takesUnknown) {

    public FormParts {
        files = Map.copyOf(files);
        texts = Set.copyOf(texts);
    }

    /** One file, and texts of these names only. */
    static FormParts oneFile(String part, Set<String> texts) {
        return new FormParts(Map.of(part, 1), texts, false);
    }

    /** Whether there may be a text of this name. */
    boolean takes(String text) {
        return takesUnknown || texts.contains(text);
    }

    /** The names of the parts with files. */
    String fileNames() {
        return String.join(", ", files.keySet());
    }
}
