package io.atelier.generator.engine.diffusion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a model folder looked like. Two equal states mean that no file was added, removed or written in between.
 *
 * @param files number of files
 * @param bytes their size in total
 * @param newestMillis when the newest file or folder was changed, in milliseconds since 1970
 */
record FolderState(int files, long bytes, long newestMillis) {

    /** Components are folders of a model folder; none has folders of its own. */
    private static final int DEPTH = 2;

    /** The state of a folder that cannot be read now. */
    static final FolderState UNKNOWN = new FolderState(-1, 0, 0);

    /** The state of a folder; {@link #UNKNOWN} if it cannot be read. Links count as what they point to, if that exists. */
    static FolderState of(Path folder) {
        int files = 0;
        long bytes = 0;
        long newest = 0;
        try (var walk = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (var path : (Iterable<Path>) walk::iterator) {
                var attributes = attributes(path);
                if (attributes.isRegularFile()) {
                    files++;
                    bytes += attributes.size();
                }
                newest = Math.max(newest, attributes.lastModifiedTime().toMillis());
            }
        } catch (IOException | UncheckedIOException e) {
            return UNKNOWN;
        }
        return new FolderState(files, bytes, newest);
    }

    /** Whether the folder could be read. */
    boolean isKnown() {
        return !equals(UNKNOWN);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
