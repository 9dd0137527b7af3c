package io.atelier.standalone.models.library;

import io.atelier.embedded.OwnerOnly;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;

/**
 * The folder of the models that a worker runs itself: each folder in it is a model, and its name is the name in requests. Folders whose name begins
 * with a dot are no models.
 */
public record ModelsFolder(Path root) {

    private static final String SETTING = "ATELIER_MODELS";
    private static final String STAGING = ".download-";
    private static final String REMOVED = ".removed-";

    public ModelsFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** The folder of the setting, otherwise the one in the data folder. */
    public static ModelsFolder of(CommandContext context) {
        var setting = context.settings().get(SETTING);
        return new ModelsFolder(setting == null ? context.data().root().resolve("models") : Path.of(setting));
    }

    /** Whether a text can be the name of a model. */
    public static boolean isName(String text) {
        return DiffusersFolder.isName(text);
    }

    /**
     * Checks the name of a model.
     *
     * @throws CommandFailed if it may not be one
     */
    public static String requireName(String name) {
        if (!isName(name)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "'%s' is not a name of a model: use 1 to 100 of A-Z a-z 0-9 . _ -, with a letter or digit at the beginning."
                            .formatted(name));
        }
        return name;
    }

    /**
     * The folder of a model that exists.
     *
     * @throws CommandFailed if it does not
     */
    public Path existing(String name) {
        var folder = root.resolve(requireName(name));
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            var reason = Files.isSymbolicLink(folder)
                    ? "is a symbolic link, which this command leaves alone; delete it with rm"
                    : "does not exist. " + known();
            throw new CommandFailed(ExitCode.REFUSED, "The model '%s' in %s %s".formatted(name, root, reason));
        }
        return folder;
    }

    /** The folder that the model has once it is complete. */
    public Path folder(String name) {
        return root.resolve(requireName(name));
    }

    /** Whether something has the name of the model. */
    public boolean isTaken(String name) {
        return Files.exists(folder(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** The folder in which a model is completed. */
    public Path staging(String name) {
        return root.resolve(STAGING + requireName(name));
    }

    /**
     * Creates the models folder.
     *
     * @throws CommandFailed if it cannot be created
     */
    public void create() {
        try {
            OwnerOnly.createMissing(root);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The models folder %s cannot be created: %s. Set %s to a folder that you may write to."
                            .formatted(root, CommandFailed.reason(e), SETTING));
        }
    }

    /** Makes the folder in which a model was completed the one of the model, in one step. */
    public void complete(String name) {
        try {
            Files.move(staging(name), folder(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The model cannot get its folder %s: %s".formatted(folder(name), CommandFailed.reason(e)));
        }
    }

    /** Deletes a model. What is elsewhere and only linked stays. Workers see no half of a model, because it loses its name first. */
    public void remove(String name) {
        var folder = existing(name);
        var removed = root.resolve(REMOVED + name);
        try {
            delete(removed);
            Files.move(folder, removed, StandardCopyOption.ATOMIC_MOVE);
            delete(removed);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be deleted: %s".formatted(folder, CommandFailed.reason(e)));
        }
    }

    /** The names of the models of which only a part has arrived, in alphabetical order. */
    public List<String> staged() {
        return hidden(STAGING);
    }

    /** The names of the models whose deletion did not end. */
    List<String> removed() {
        return hidden(REMOVED);
    }

    /** Deletes what an earlier deletion of a model has left. */
    void removeRest(String name) {
        var rest = root.resolve(REMOVED + name);
        try {
            delete(rest);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be deleted: %s".formatted(rest, CommandFailed.reason(e)));
        }
    }

    /** The names of models that follow a prefix in the names of files or folders, in alphabetical order. */
    List<String> hidden(String prefix) {
        return children(child -> true).stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(ModelsFolder::isName)
                .toList();
    }

    /** Whether there is a folder with a part of a model. */
    public boolean isStaged(String name) {
        return Files.isDirectory(staging(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Deletes what has arrived of a model. */
    public void removeStaging(String name) {
        try {
            delete(staging(name));
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be deleted: %s".formatted(staging(name), CommandFailed.reason(e)));
        }
    }

    /** Deletes a folder and all that it contains, if it exists; links are deleted, and not followed. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private String known() {
        var names = children(Files::isDirectory).stream()
                .filter(ModelsFolder::isName)
                .toList();
        var complete = names.isEmpty() ? "There are none." : "There are: " + String.join(", ", names) + ".";
        var staged = staged();
        return staged.isEmpty() ? complete : complete + " Not complete: " + String.join(", ", staged) + ".";
    }

    private List<String> children(Predicate<Path> condition) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var children = Files.list(root)) {
            return children.filter(condition)
                    .map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
