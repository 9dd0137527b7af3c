package io.atelier.standalone.models.library;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps a second command from changing a model of the same name at the same time. The operating system releases it when a process ends. */
public final class StagingLock {

    private static final String LOCK = ".lock-";

    private StagingLock() {}

    /**
     * Runs an action with the lock.
     *
     * @throws CommandFailed if another command has it
     */
    public static <T> T holding(ModelsFolder models, String name, Supplier<T> action) {
        return tryHolding(models, name, action)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.REFUSED,
                        "Another command adds or deletes the model '%s' now. Wait for its end.".formatted(name)));
    }

    /**
     * Deletes what commands have left that were killed: lock files, and models whose deletion did not end. A part of a download stays, which can go on,
     * and what this user may not delete.
     */
    public static void sweep(ModelsFolder models) {
        for (var name : models.hidden(LOCK)) {
            sweep(models, name, () -> {});
        }
        for (var name : models.removed()) {
            sweep(models, name, () -> models.removeRest(name));
        }
    }

    private static void sweep(ModelsFolder models, String name, Runnable deletion) {
        try {
            tryHolding(models, name, () -> {
                deletion.run();
                return name;
            });
        } catch (CommandFailed e) {
            // It may be another user's, and has nothing to do with the model of this command.
            return;
        }
    }

    /** Empty if another command has the lock. */
    private static <T> Optional<T> tryHolding(ModelsFolder models, String name, Supplier<T> action) {
        var file = file(models, name);
        try {
            while (true) {
                try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    if (!isFree(channel)) {
                        return Optional.empty();
                    }
                    // The lock of a file that another command has deleted meanwhile keeps no one out.
                    if (Files.exists(file)) {
                        return Optional.of(holding(file, action));
                    }
                }
            }
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be locked: %s".formatted(file, CommandFailed.reason(e)));
        }
    }

    /**
     * Runs an action with the lock.
     *
     * @throws CommandFailed if another command has it
     */
    public static void holding(ModelsFolder models, String name, Runnable action) {
        holding(models, name, () -> {
            action.run();
            return name;
        });
    }

    /** Deletes the lock file of an action that a signal ends; the lock itself lasts until then. */
    public static void abandon(ModelsFolder models, String name) {
        try {
            Files.deleteIfExists(file(models, name));
        } catch (IOException e) {
            // An empty file stays, which the next command for this model uses and deletes.
            return;
        }
    }

    private static Path file(ModelsFolder models, String name) {
        return models.root().resolve(LOCK + ModelsFolder.requireName(name));
    }

    private static <T> T holding(Path file, Supplier<T> action) throws IOException {
        try {
            return action.get();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
