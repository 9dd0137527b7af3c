package io.atelier.worker.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in files which tasks are running, so that a task that ends its process is counted although the brokers end with it: they hold the
 * number of deliveries of a leased record in memory only. For a worker in one process with the broker; elsewhere the brokers count.
 * Thread-safe.
 */
final class RunningTaskJournal {

    /** A task that is older was dropped from its topic long ago. */
    private static final Duration KEPT = Duration.ofDays(30);

    private final @Nullable Path folder;

    private RunningTaskJournal(@Nullable Path folder) {
        this.folder = folder;
    }

    /** A journal that remembers nothing. */
    static RunningTaskJournal none() {
        return new RunningTaskJournal(null);
    }

    /**
     * Opens the journal of a folder, which is created if it is missing, and deletes the entries of forgotten tasks.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    static RunningTaskJournal open(Path folder, Clock clock) {
        try {
            Files.createDirectories(folder);
            try (var entries = Files.newDirectoryStream(folder)) {
                for (var entry : entries) {
                    deleteForgotten(entry, clock);
                }
            }
            return new RunningTaskJournal(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal of running tasks in " + folder + " cannot be used", e);
        }
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
        if (folder == null || !Files.exists(entry(folder, task))) {
            return 0;
        }
        try {
            return Integer.parseInt(Files.readString(entry(folder, task)).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NumberFormatException e) {
            // The empty file of a first run, or one that was cut off by a failure of the machine.
            return 1;
        }
    }

    /** Records that the task runs. */
    void started(String task) {
        if (folder != null && !isFirstRun(entry(folder, task))) {
            record(task, unfinishedRuns(task) + 1);
        }
    }

    /** Creates the empty file of a first run, which nearly all runs are: one call of the system instead of five. */
    private static boolean isFirstRun(Path entry) {
        try {
            Files.createFile(entry);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records that the task ended and will not be delivered again. */
    void finished(String task) {
        record(task, 0);
    }

    /** Records that the run of a task ended without an end of the process, and that the task will be delivered again. */
    void released(String task) {
        record(task, Math.max(0, unfinishedRuns(task) - 1));
    }

    private void record(String task, int runs) {
        if (folder == null) {
            return;
        }
        var entry = entry(folder, task);
        try {
            if (runs == 0) {
                Files.deleteIfExists(entry);
                return;
            }
            var written = entry.resolveSibling(entry.getFileName() + ".new");
            Files.writeString(written, Integer.toString(runs), StandardCharsets.US_ASCII);
            Files.move(written, entry, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path entry(Path folder, String task) {
        return folder.resolve(task.replace('/', '_'));
    }
}
