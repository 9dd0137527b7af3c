package io.atelier.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A folder that belongs to one server of one process from {@link #claim} to {@link #close}. The system frees it when the process dies. */
final class LockedFolder implements Closeable {

    private static final String LOCK = "in-use.lock";

    private final Path path;
    private final FileChannel lock;

    private LockedFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder if need be and takes it.
     *
     * @throws EmbeddedServerFailed if somebody else has it, or it cannot be written to
     */
    static LockedFolder claim(Path folder) {
        var path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            var channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new EmbeddedServerFailed(
                        "Another process uses the folder " + path + ". Stop that process, or choose another folder.");
            }
            return new LockedFolder(path, channel);
        } catch (IOException e) {
            throw new EmbeddedServerFailed(
                    "Cannot write to the folder " + path + " (" + e + "). Make it writable, or choose another folder.",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This very process has it already: for the one who asks, that is the same.
            return null;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
