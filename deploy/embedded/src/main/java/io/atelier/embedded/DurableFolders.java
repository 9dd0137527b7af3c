package io.atelier.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks the disk to keep files, and the way to them: each folder above one may be new. Folders that the disk is known to keep are
 * remembered, and the way is followed up to the first of them only. Thread-safe.
 */
final class DurableFolders {

    private static final int MOST = 1_000;

    /** Windows cannot open a folder to sync it, and keeps its entries in a journal of its own. */
    private static final boolean FOLDERS_CAN_BE_SYNCED =
            !System.getProperty("os.name", "").startsWith("Windows");

    private final Path root;
    private final Disk disk;
    private final Set<Path> safe = Collections.newSetFromMap(new LeastRecentlyUsed());
    private int removing;
    private long removals;

    /** @param root whose folders are asked for; what lies above it is the caller's */
    DurableFolders(Path root) {
        this(root, DurableFolders::force);
    }

    DurableFolders(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    /** How many calls have removed something. To be asked before a file is made: its folders are remembered if it is the same then. */
    synchronized long removals() {
        return removals;
    }

    /** Makes a call that may remove folders: one of the same name would be another one. Nothing is remembered while it runs. */
    <T> T removing(Supplier<T> removal) {
        synchronized (this) {
            removing++;
            safe.clear();
        }
        try {
            return removal.get();
        } finally {
            synchronized (this) {
                removing--;
                removals++;
            }
        }
    }

    /**
     * Syncs a file or folder that was made or removed, and the folders above it.
     *
     * @param before the {@link #removals} before that
     * @throws UncheckedIOException if the disk refuses
     */
    void sync(Path path, long before) {
        var synced = new ArrayList<Path>();
        try {
            for (Path at = path; at != null && at.startsWith(root); at = at.getParent()) {
                if (disk.sync(at)) {
                    synced.add(at);
                }
                if (isSafe(at)) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not sync " + path, e);
        }
        synced.remove(path);
        remember(synced, before);
    }

    private synchronized boolean isSafe(Path folder) {
        return safe.contains(folder);
    }

    /** Of each of them the folder above was synced after it, and so the disk keeps its name. */
    private synchronized void remember(Collection<Path> folders, long before) {
        if (removing == 0 && removals == before) {
            safe.addAll(folders);
        }
    }

    /** False if nothing lies there: it was deleted, and a folder with its last file. Whoever deleted it syncs what is left. */
    private static boolean force(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        if (folder && !FOLDERS_CAN_BE_SYNCED) {
            return true;
        }
        // Windows wants write access to sync a file; a folder can be opened for reading only.
        try (var channel = FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Keeps what lies under a path; false if nothing does. */
    @FunctionalInterface
    interface Disk {
        boolean sync(Path path) throws IOException;
    }

    private static final class LeastRecentlyUsed extends LinkedHashMap<Path, Boolean> {

        private static final long serialVersionUID = 1L;

        LeastRecentlyUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > MOST;
        }
    }
}
