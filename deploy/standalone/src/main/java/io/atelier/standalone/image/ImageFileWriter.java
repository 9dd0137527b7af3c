package io.atelier.standalone.image;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * Writes the images of a job to a file, or to files named after the job in a folder. Several images are numbered:
 * {@code name-0.png}, {@code name-1.png}, ... Files are written atomically; a symbolic link stays, and the file that it points to is
 * written.
 */
public final class ImageFileWriter implements ImageDestination {

    private static final int MOST_LINKS = 40;

    private final Path target;
    private final boolean mustBeFolder;
    private final String extension;

    /**
     * Creates a writer.
     *
     * @param target a file, or an existing folder; a path that ends in {@code /.} can only be a folder
     * @param extension of files that are named after the job, such as {@code .png}
     */
    public ImageFileWriter(Path target, String extension) {
        this.extension = extension;
        var absolute = target.toAbsolutePath();
        this.mustBeFolder = target.endsWith(".") || target.endsWith("..");
        this.target = shortened(absolute);
    }

    @Override
    public void check() {
        var folder = folder();
        if (!Files.isDirectory(folder)) {
            throw unwritable("The folder " + folder + " does not exist; create it, or choose another one with -o.");
        }
        if (mustBeFolder && !Files.isDirectory(target)) {
            throw unwritable(
                    target + " is not a folder; leave out the slash at its end, or choose another one with -o.");
        }
        try {
            var file = Files.isDirectory(target) ? target.resolve("x") : linked(target);
            if (Files.exists(file) && !(Files.isRegularFile(file) && Files.isWritable(file))) {
                throw unwritable(target + " exists and cannot be replaced; choose another file with -o,"
                        + " or use -o - for standard output.");
            }
            var parent = parent(file);
            if (!Files.isDirectory(parent)) {
                throw unwritable(
                        "%s links to the folder %s, which does not exist; create it, or choose another file with -o."
                                .formatted(target, parent));
            }
            var probe = temporary(parent);
            Files.createFile(probe);
            Files.delete(probe);
        } catch (IOException e) {
            throw unwritable("The folder %s is not writable: %s".formatted(folder, CommandFailed.reason(e)));
        }
    }

    /** Replaces an existing file, and keeps its permissions. */
    @Override
    public Path save(String job, int index, int count, byte[] bytes) {
        var file = file(job, index, count);
        try {
            var linked = linked(file);
            var temporary = temporary(parent(linked));
            try {
                write(temporary, bytes);
                copyPermissions(linked, temporary);
                Files.move(temporary, linked, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            return file;
        } catch (IOException e) {
            throw unwritable("%s cannot be written: %s".formatted(file, CommandFailed.reason(e)));
        }
    }

    private Path file(String job, int index, int count) {
        var name = Files.isDirectory(target)
                ? job + extension
                : target.getFileName().toString();
        if (count == 1) {
            return folder().resolve(name);
        }
        int dot = name.lastIndexOf('.');
        var stem = dot > 0 ? name.substring(0, dot) : name;
        var ending = dot > 0 ? name.substring(dot) : "";
        return folder().resolve(stem + "-" + index + ending);
    }

    private Path folder() {
        return Files.isDirectory(target) || mustBeFolder ? target : parent(target);
    }

    private static Path parent(Path path) {
        var parent = path.getParent();
        return parent == null ? path : parent;
    }

    /** The file that a symbolic link leads to, which need not exist. */
    private static Path linked(Path file) throws IOException {
        var linked = file;
        for (int links = 0; Files.isSymbolicLink(linked); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(file + " is a link that leads back to itself");
            }
            linked = linked.resolveSibling(Files.readSymbolicLink(linked));
        }
        return linked;
    }

    /** Without the names {@code .} and {@code ..}, unless they follow a link to a folder elsewhere. */
    private static Path shortened(Path absolute) {
        var normal = absolute.normalize();
        try {
            return Files.isSameFile(parent(absolute), parent(normal)) ? normal : absolute;
        } catch (IOException e) {
            return normal;
        }
    }

    private static void write(Path temporary, byte[] bytes) throws IOException {
        Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW);
        try (var file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        var old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (old != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, old.readAttributes().permissions());
        }
    }

    private static Path temporary(Path folder) {
        return folder.resolve(".atelier-" + UUID.randomUUID() + ".part");
    }

    private static CommandFailed unwritable(String message) {
        return new CommandFailed(ExitCode.UNWRITABLE, message);
    }
}
