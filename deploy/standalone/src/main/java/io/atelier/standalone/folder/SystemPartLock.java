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
 * Exclusive lock for a part that may run only once per data folder. A process holds it until it ends; the operating system then releases
 * it, also after a kill.
 */
public final class SystemPartLock {

    /** Keeps the channels reachable: a garbage-collected channel releases its lock. */
    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private SystemPartLock() {}

    /** Acquires the lock; false if it is already held. */
    public static synchronized boolean tryAcquire(DataFolder data, String part) {
        var file = data.running().resolve(part + ".lock");
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isHeld(channel)) {
                channel.close();
                return false;
            }
            HELD.put(file, channel);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + file, e);
        }
    }

    private static boolean isHeld(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
