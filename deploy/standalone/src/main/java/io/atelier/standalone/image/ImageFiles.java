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
 * Where the pictures of a job go: a file, or a folder in which they get the job's name. Several pictures get numbers:
 * {@code name-0.png}, {@code name-1.png}, ... A file is there whole or not at all.
 */
public final class ImageFiles {

    private final Path target;

    /** @param target a file, or a folder that exists */
    public ImageFiles(Path target) {
        this.target = target.toAbsolutePath().normalize();
    }

    /** Refuses a target that cannot be written, so that nothing is drawn for it. */
    public void check() {
        var folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "There is no folder " + folder + "; make it, or choose another with -o.");
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
                    ExitCode.UNWRITABLE, "Nothing can be written to %s: %s".formatted(folder, CommandFailed.reason(e)));
        }
    }

    /**
     * Writes picture {@code index} of {@code count} and returns where it lies. A file of that name is replaced.
     *
     * @param job names the file if the target is a folder
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
        var ending = dot > 0 ? name.substring(dot) : "";
        return folder().resolve(stem + "-" + index + ending);
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
