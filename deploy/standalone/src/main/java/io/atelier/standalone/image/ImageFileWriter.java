package io.atelier.standalone.image;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes the images of a job to a file, or to files named after the job in a folder. Several images are numbered:
 * {@code name-0.png}, {@code name-1.png}, ... Files are written atomically.
 */
public final class ImageFileWriter {

    private final Path target;

    /** @param target a file, or an existing folder */
    public ImageFileWriter(Path target) {
        this.target = target.toAbsolutePath().normalize();
    }

    /**
     * Checks that the target is writable, before a job is created for it.
     *
     * @throws CommandFailed if it is not
     */
    public void check() {
        var folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The folder " + folder + " does not exist; create it, or choose another one with -o.");
        }
        if (Files.exists(target)
                && !Files.isDirectory(target)
                && !(Files.isRegularFile(target) && Files.isWritable(target))) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, target + " exists and cannot be replaced; choose another file with -o.");
        }
        var probe = temporary(folder);
        try {
            Files.createFile(probe);
            Files.delete(probe);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The folder %s is not writable: %s".formatted(folder, CommandFailed.reason(e)));
        }
    }

    /**
     * Writes image {@code index} of {@code count} and returns its file. Replaces an existing file.
     *
     * @param job the name of the file if the target is a folder
     */
    public Path save(String job, int index, int count, byte[] bytes) {
        var file = file(job, index, count);
        var temporary = temporary(folder());
        try {
            write(temporary, bytes);
            return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be written: %s".formatted(file, CommandFailed.reason(e)));
        }
    }

    private Path file(String job, int index, int count) {
        var name =
                Files.isDirectory(target) ? job + ".png" : target.getFileName().toString();
        if (count == 1) {
            return folder().resolve(name);
        }
        int dot = name.lastIndexOf('.');
        var stem = dot > 0 ? name.substring(0, dot) : name;
        var extension = dot > 0 ? name.substring(dot) : "";
        return folder().resolve(stem + "-" + index + extension);
    }

    private Path folder() {
        var parent = target.getParent();
        return Files.isDirectory(target) || parent == null ? target : parent;
    }

    private static void write(Path temporary, byte[] bytes) throws IOException {
        try {
            Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW);
            try (var file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                file.force(true);
            }
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static Path temporary(Path folder) {
        return folder.resolve(".atelier-" + UUID.randomUUID() + ".part");
    }
}
