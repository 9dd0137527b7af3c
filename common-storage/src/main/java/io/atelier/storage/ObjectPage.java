package io.atelier.storage;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Some of the objects in a folder, in the order of their keys.
 *
 * @param objects may be none although there is a next page: what lies there but was never put through the port is not shown
 * @param next what to ask the next page with; null if this was the last one
 */
public record ObjectPage(List<Listed> objects, @Nullable String next) {

    private static final Pattern FOLDER = Pattern.compile("([A-Za-z0-9._-]+/)+");

    public ObjectPage {
        objects = List.copyOf(objects);
    }

    /** @throws IllegalArgumentException if {@link ObjectStore#list} takes no such folder or limit */
    static void requireListable(String folder, int limit) {
        if (!FOLDER.matcher(folder).matches()) {
            throw new IllegalArgumentException("Not a folder of objects: '" + folder + "'");
        }
        if (limit < 1 || limit > ObjectStore.LARGEST_PAGE) {
            throw new IllegalArgumentException(
                    "A page has 1 to " + ObjectStore.LARGEST_PAGE + " objects, not " + limit);
        }
    }

    /** What a listing tells of an object. */
    public record Listed(ObjectKey key, long bytes, Instant lastModified) {}
}
