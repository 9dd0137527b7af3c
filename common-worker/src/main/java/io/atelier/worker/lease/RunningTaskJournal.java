package io.atelier.worker.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in files which tasks are running, so that a task that ends its process is counted although the brokers end with it: they hold the
 * number of deliveries of a leased record in memory only. For a worker in one process with the broker; elsewhere the brokers count.
 * Thread-safe.
 *
 * <p>What runs is in a {@link RunningTaskFile}. When the next process finds one of a process that has ended, each task in it gets a file of its own,
 * which contains the number of such runs, or counts one more there. So an ordinary task, which ends before its process, costs no call of the system.
 */
final class RunningTaskJournal implements AutoCloseable {

    /** A task that is older was dropped from its topic long ago. */
    private static final Duration KEPT = Duration.ofDays(30);

    private final @Nullable Path folder;
    private final @Nullable RunningTaskFile running;

    /** The places of the running tasks in their file. */
    private final Map<String, Integer> places = new ConcurrentHashMap<>();

    /** The names of the files with numbers of runs. */
    private final Set<String> counted;

    private RunningTaskJournal(@Nullable Path folder, @Nullable RunningTaskFile running, Set<String> counted) {
        this.folder = folder;
        this.running = running;
        this.counted = counted;
    }

    /** A journal that remembers nothing. */
    static RunningTaskJournal none() {
        return new RunningTaskJournal(null, null, Set.of());
    }

    /**
     * Opens the journal of a folder, which is created if it is missing: counts the runs that ended with their process, and deletes the entries of
     * forgotten tasks. One after the other, so that each worker of this process finds all that others have counted.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    static synchronized RunningTaskJournal open(Path folder, Clock clock) {
        try {
            Files.createDirectories(folder);
            for (var file : files(folder)) {
                if (RunningTaskFile.isLeftBehind(file)) {
                    countLeftBehind(folder, file);
                } else if (!RunningTaskFile.is(file)) {
                    deleteForgotten(file, clock);
                }
            }
            Set<String> counted = ConcurrentHashMap.newKeySet();
            for (var file : files(folder)) {
                if (!RunningTaskFile.is(file)) {
                    counted.add(file.getFileName().toString());
                }
            }
            return new RunningTaskJournal(folder, RunningTaskFile.create(folder), counted);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal of running tasks in " + folder + " cannot be used", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Deletes the file last: a process that is killed before counts a run twice, which is better than never. */
    private static void countLeftBehind(Path folder, Path file) throws IOException {
        for (var task : RunningTaskFile.tasks(file)) {
            var entry = folder.resolve(name(task));
            write(entry, runs(entry) + 1);
        }
        Files.delete(file);
    }

    private static void deleteForgotten(Path entry, Clock clock) throws IOException {
        try {
            if (Files.getLastModifiedTime(entry)
                    .toInstant()
                    .isBefore(clock.instant().minus(KEPT))) {
                Files.deleteIfExists(entry);
            }
        } catch (NoSuchFileException e) {
            // The other worker of the process has just ended that task.
        }
    }

    /** How often the task was started by a process that ended while it ran. */
    int unfinishedRuns(String task) {
        if (folder == null || !counted.contains(name(task))) {
            return 0;
        }
        try {
            return runs(folder.resolve(name(task)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int runs(Path entry) throws IOException {
        try {
            return Integer.parseInt(Files.readString(entry).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            // The empty file of a first run that an earlier version wrote, or one that was cut off by a failure of the
            // machine.
            return 1;
        }
    }

    /** Records that the task runs. */
    void started(String task) {
        if (running != null && !places.containsKey(task)) {
            // A task without a place runs without a record: if it ends the process, its run is not counted.
            running.add(task).ifPresent(place -> places.put(task, place));
        }
    }

    /** Records that the task ended and will not be delivered again. */
    void finished(String task) {
        released(task);
        if (folder == null || !counted.remove(name(task))) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve(name(task)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records that the run of a task ended without an end of the process, and that the task will be delivered again. */
    void released(String task) {
        var place = places.remove(task);
        if (running != null && place != null) {
            running.remove(place);
        }
    }

    /** Leaves what it remembers to the next journal of the folder, as the end of the process does. */
    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }

    private static void write(Path entry, int runs) throws IOException {
        var written = entry.resolveSibling(entry.getFileName() + ".new");
        Files.writeString(written, Integer.toString(runs), StandardCharsets.US_ASCII);
        Files.move(written, entry, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The name of the file with the number of runs of a task. */
    private static String name(String task) {
        return task.replace('/', '_');
    }
}
