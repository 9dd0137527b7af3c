package io.atelier.embedded;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads the keys of files in their order, from one on, and looks into no more folders than it takes. What comes or goes meanwhile may be
 * seen or not.
 *
 * <p>Not thread-safe: one walk, one page.
 */
final class KeyListing {

    /** The character after the slash: a key below a folder is smaller than the folder's name with it. */
    private static final char BEHIND_SLASH = '/' + 1;

    private final String after;
    private final int limit;
    private final Predicate<String> wanted;
    private final List<String> keys = new ArrayList<>();

    /**
     * A walk that has not begun.
     *
     * @param after the keys behind this one; the empty string for all
     * @param limit of keys
     * @param wanted whether a file of this name is to be seen
     */
    KeyListing(String after, int limit, Predicate<String> wanted) {
        this.after = after;
        this.limit = limit;
        this.wanted = wanted;
    }

    /**
     * The keys of the files in a folder and below it.
     *
     * @param prefix what the folder's keys begin with; ends with a slash
     */
    List<String> keys(Path folder, String prefix) throws IOException {
        var entries = new TreeMap<String, Path>();
        for (var entry : entries(folder)) {
            var key = prefix + entry.getFileName();
            if ((key + BEHIND_SLASH).compareTo(after) > 0) {
                entries.put(Files.isDirectory(entry) ? key + "/" : key, entry);
            }
        }
        for (var entry : entries.entrySet()) {
            if (keys.size() == limit) {
                break;
            }
            if (entry.getKey().endsWith("/")) {
                keys(entry.getValue(), entry.getKey());
            } else if (entry.getKey().compareTo(after) > 0
                    && wanted.test(entry.getValue().getFileName().toString())) {
                keys.add(entry.getKey());
            }
        }
        return keys;
    }

    private static List<Path> entries(Path folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(folder)) {
            found.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Its last object was deleted a moment ago, and it with it.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
