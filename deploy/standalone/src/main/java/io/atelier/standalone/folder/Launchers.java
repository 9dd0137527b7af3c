package io.atelier.standalone.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The launchers of a data folder: the shells that start a system again when it has to be. One that waits for disk space has no process of the
 * system. Each has an empty file whose name is the number of its process, with {@value #WAITING} after it while the launcher waits for space.
 */
public final class Launchers {

    private static final String WAITING = ".waiting";

    private final Path folder;

    public Launchers(DataFolder data) {
        this.folder = data.root().resolve("launchers");
    }

    /** The launchers that run. Deletes the files of those that were killed. */
    public List<ProcessHandle> running() {
        return processes("[0-9]*");
    }

    /** Deletes the files of launchers that have ended without doing so, because they were killed. */
    public void removeEnded() {
        running();
    }

    /** Those of {@link #running} that wait for disk space, and start their system then. */
    public List<ProcessHandle> waitingForSpace() {
        return processes("[0-9]*" + WAITING);
    }

    private List<ProcessHandle> processes(String pattern) {
        var running = new ArrayList<ProcessHandle>();
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            for (var file : files) {
                process(file).ifPresent(running::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException(
                    "Cannot read " + folder, e instanceof IOException io ? io : new IOException(e));
        }
        return running;
    }

    /** Empty if the process has ended, also if its number belongs to a program other than the launcher now. */
    private static Optional<ProcessHandle> process(Path file) {
        try {
            var number = file.getFileName().toString().replace(WAITING, "");
            var process = ProcessHandle.of(Long.parseLong(number)).filter(ProcessHandle::isAlive);
            if (process.isEmpty()) {
                delete(file);
            }
            return process.filter(running -> running.info()
                    .commandLine()
                    .map(line -> line.contains("atelier") && line.contains("up"))
                    .orElse(false));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A user who may only read the folder looks for launchers as well.
            return;
        }
    }
}
