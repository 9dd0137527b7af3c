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
 * Reads one page of keys from a folder tree in the order of the keys, and opens only the folders that it needs. Concurrent changes may be
 * included or not.
 *
 * <p>Not thread-safe: one instance reads one page.
 */
final class KeyPageReader {

    /** The character after the slash: all keys in a folder sort before the folder's name with this character. */
    private static final char AFTER_SLASH = '/' + 1;

    private final String after;
    private final int limit;
    private final Predicate<String> filter;
    private final List<String> keys = new ArrayList<>();

    /**
     * Creates a reader for one page.
     *
     * @param after the key before the page; the empty string for the first page
     * @param limit the maximum number of keys
     * @param filter accepts the names of files to include
     */
    KeyPageReader(String after, int limit, Predicate<String> filter) {
        this.after = after;
        this.limit = limit;
        this.filter = filter;
    }

    /**
     * Adds the keys of the files in a folder and its subfolders, and returns the page.
     *
     * @param prefix the prefix of the folder's keys; ends with a slash
     */
    List<String> read(Path folder, String prefix) throws IOException {
        var entries = new TreeMap<String, Path>();
        for (var entry : entries(folder)) {
            var key = prefix + entry.getFileName();
            if ((key + AFTER_SLASH).compareTo(after) > 0) {
                entries.put(Files.isDirectory(entry) ? key + "/" : key, entry);
            }
        }
        for (var entry : entries.entrySet()) {
            if (keys.size() == limit) {
                break;
            }
            if (entry.getKey().endsWith("/")) {
                read(entry.getValue(), entry.getKey());
            } else if (entry.getKey().compareTo(after) > 0
                    && filter.test(entry.getValue().getFileName().toString())) {
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
            // The folder was deleted meanwhile with its last object.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
