package io.atelier.standalone.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Registry of the processes that run from a data folder: one file per process, valid while that process is alive. */
public final class RunningProcesses {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    public RunningProcesses(DataFolder data) {
        this.folder = data.running();
    }

    /** Adds a process atomically. */
    public void add(RunningProcess process) {
        try {
            var temporary = Files.createTempFile(folder, "process", ".tmp");
            Files.writeString(temporary, JSON.writeValueAsString(process));
            Files.move(temporary, file(process), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + folder, e);
        }
    }

    public void remove(RunningProcess process) {
        try {
            Files.deleteIfExists(file(process));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete in " + folder, e);
        }
    }

    /** The live processes, oldest first. Deletes the files of processes that have ended. */
    public List<RunningProcess> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .map(RunningProcesses::read)
                    .flatMap(Optional::stream)
                    .filter(this::isAliveOrRemoved)
                    .sorted(Comparator.comparing(RunningProcess::startedAt))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder, e);
        }
    }

    /** Deletes the files of processes that have ended without doing so, because they were killed. */
    public void removeEnded() {
        all();
    }

    /** The address of the oldest live process that has one: its URL, broker or object store. */
    public Optional<String> address(Function<RunningProcess, @Nullable String> which) {
        return all().stream()
                .flatMap(process -> Optional.ofNullable(which.apply(process)).stream())
                .findFirst();
    }

    private boolean isAliveOrRemoved(RunningProcess process) {
        boolean alive = process.handle().isPresent();
        if (!alive) {
            remove(process);
        }
        return alive;
    }

    private Path file(RunningProcess process) {
        return folder.resolve(process.pid() + ".json");
    }

    /** Empty if the file was deleted meanwhile or is not a process record. */
    private static Optional<RunningProcess> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), RunningProcess.class));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }
}
