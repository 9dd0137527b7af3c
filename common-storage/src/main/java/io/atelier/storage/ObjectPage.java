package io.atelier.storage;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing of a folder, in the order of the keys.
 *
 * @param objects objects of the page. May be empty although there is a next page, because objects without a valid {@link ObjectKey} are left out
 * @param next argument for the next page; null if this is the last one
 */
public record ObjectPage(List<Listed> objects, @Nullable String next) {

    private static final Pattern FOLDER = Pattern.compile("([A-Za-z0-9._-]+/)+");

    public ObjectPage {
        objects = List.copyOf(objects);
    }

    /**
     * Checks the arguments of a listing.
     *
     * @throws IllegalArgumentException if folder or limit do not meet the conditions of {@link ObjectStore#list}
     */
    public static void requireListable(String folder, int limit) {
        if (!FOLDER.matcher(folder).matches()) {
            throw new IllegalArgumentException(
                    "Not a folder: '" + folder + "'; it needs segments of A-Z a-z 0-9 . _ - and ends with a slash");
        }
        if (limit < 1 || limit > ObjectStore.MAX_PAGE_SIZE) {
            throw new IllegalArgumentException(
                    "A page has 1 to " + ObjectStore.MAX_PAGE_SIZE + " objects; got a limit of " + limit);
        }
    }

    /** The entry of an object in a listing. */
    public record Listed(ObjectKey key, long bytes, Instant lastModified) {}
}
