package io.atelier.standalone.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The right to run a part that a data folder can have only once. A process that takes it keeps it until its end; the operating system takes
 * it back, however the end comes.
 */
public final class SystemPartLock {

    /** Keeps the files open: a channel that is collected gives its lock away. */
    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private SystemPartLock() {}

    /** Takes the lock; false if somebody has it. */
    public static synchronized boolean take(DataFolder data, String part) {
        var file = data.running().resolve(part + ".lock");
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                return false;
            }
            HELD.put(file, channel);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + file, e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
