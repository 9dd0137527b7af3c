package io.atelier.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
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
 * Syncs files and their parent folders to disk. Where a file system writes all changes in their order, the sync of a file includes its folders. Elsewhere
 * it remembers folders that are known to be durable, and syncs the parents of a file only up to the first one of them. Thread-safe.
 */
final class DirectorySync {

    private static final int MAX_DURABLE = 1_000;

    /** Windows cannot open a folder to sync it; NTFS journals its entries. */
    private static final boolean FOLDERS_CAN_BE_SYNCED =
            !System.getProperty("os.name", "").startsWith("Windows");

    /**
     * File systems with one journal for all changes of files and names: what is synced becomes durable together with everything before it. A file
     * that gets a name by a link or by being renamed is changed by that, so its sync includes the name.
     */
    private static final Set<String> ORDERED = Set.of("ext4", "xfs");

    private final Path root;
    private final boolean ordered;
    private final Disk disk;
    private final Set<Path> durable = Collections.newSetFromMap(new LeastRecentlyUsed());
    private int runningRemovals;
    private long removals;

    /** @param root the topmost folder to sync */
    DirectorySync(Path root) {
        this(root, isOrdered(root), DirectorySync::force);
    }

    /** @param ordered whether the sync of a path includes all earlier changes of others */
    DirectorySync(Path root, boolean ordered, Disk disk) {
        this.root = root;
        this.ordered = ordered;
        this.disk = disk;
    }

    /** The number of completed removals. Pass the value from before a change to {@link #sync}: folders are remembered only if it is unchanged. */
    synchronized long removals() {
        return removals;
    }

    /** Runs a call that may remove folders. Forgets all durable folders, because a new folder may get the same name, and remembers none meanwhile. */
    <T> T whileRemoving(Supplier<T> removal) {
        synchronized (this) {
            runningRemovals++;
            durable.clear();
        }
        try {
            return removal.get();
        } finally {
            synchronized (this) {
                runningRemovals--;
                removals++;
            }
        }
    }

    /**
     * Syncs a file or folder that was created or removed, and its parent folders.
     *
     * @param before the value of {@link #removals} before the change
     * @throws UncheckedIOException if the sync fails
     */
    void sync(Path path, long before) {
        var synced = new ArrayList<Path>();
        try {
            for (Path current = path; current != null && current.startsWith(root); current = current.getParent()) {
                if (disk.sync(current)) {
                    if (ordered) {
                        return;
                    }
                    synced.add(current);
                }
                if (isDurable(current)) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not sync " + path, e);
        }
        synced.remove(path);
        remember(synced, before);
    }

    private synchronized boolean isDurable(Path folder) {
        return durable.contains(folder);
    }

    /** The parent of each of these folders was synced after it, so its name is durable as well. */
    private synchronized void remember(Collection<Path> folders, long before) {
        if (runningRemovals == 0 && removals == before) {
            durable.addAll(folders);
        }
    }

    private static boolean isOrdered(Path root) {
        try {
            return ORDERED.contains(Files.getFileStore(root).type());
        } catch (IOException e) {
            // Syncing each folder is right everywhere.
            return false;
        }
    }

    /** False if the path does not exist: its deletion syncs the remaining folders. */
    private static boolean force(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        if (folder && !FOLDERS_CAN_BE_SYNCED) {
            return true;
        }
        // Windows needs write access to sync a file; a folder can only be opened for reading.
        try (var channel = FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if (!folder && Files.isDirectory(path)) {
                // It was missing when it was looked at, and has been created as a folder since.
                return force(path);
            }
            throw e;
        }
    }

    /** Syncs a path to disk; returns false if it does not exist. */
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
            return size() > MAX_DURABLE;
        }
    }
}
