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

/** Which processes run from a data folder: a file for each, believed only while that very process lives. */
public final class RunningProcesses {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    public RunningProcesses(DataFolder data) {
        this.folder = data.running();
    }

    /** Writes the process down, whole or not at all. */
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

    /** The living ones, oldest first. What the dead left is cleared away. */
    public List<RunningProcess> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .map(RunningProcesses::read)
                    .flatMap(Optional::stream)
                    .filter(this::livesOrIsCleared)
                    .sorted(Comparator.comparing(RunningProcess::startedAt))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder, e);
        }
    }

    /** An address that one of the living has, the oldest first: its URL, its broker, its store. */
    public Optional<String> address(Function<RunningProcess, @Nullable String> which) {
        return all().stream()
                .flatMap(process -> Optional.ofNullable(which.apply(process)).stream())
                .findFirst();
    }

    private boolean livesOrIsCleared(RunningProcess process) {
        boolean lives = process.handle().isPresent();
        if (!lives) {
            remove(process);
        }
        return lives;
    }

    private Path file(RunningProcess process) {
        return folder.resolve(process.pid() + ".json");
    }

    /** A file that vanished in the meantime, or that is no such file, names no process. */
    private static Optional<RunningProcess> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), RunningProcess.class));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }
}
