package io.atelier.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Exclusive lock of a folder for one server, from {@link #acquire} to {@link #close}. The operating system releases it when the process ends. */
final class FolderLock implements Closeable {

    private static final String LOCK = "in-use.lock";

    private final Path path;
    private final FileChannel lock;

    private FolderLock(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates the folder if it is missing, makes it that of its owner only, and locks it.
     *
     * @throws EmbeddedServerFailed if the folder is locked or not writable
     */
    static FolderLock acquire(Path folder) {
        var path = folder.toAbsolutePath().normalize();
        try {
            OwnerOnly.create(path);
            var channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new EmbeddedServerFailed(
                        "Another process uses the folder " + path + ". Stop that process, or choose another folder.");
            }
            return new FolderLock(path, channel);
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
            // Locked by this process: the same result for the caller.
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
