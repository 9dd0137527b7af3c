package io.atelier.gateway.faces.hayhooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file inside a folder, of which neither its path nor a link leads outside. Its methods block. */
final class FolderFile {

    private final Path folder;
    private final Path file;

    /**
     * @param path below the folder
     * @throws IllegalArgumentException if it is no such path
     */
    FolderFile(Path folder, String path) {
        this.folder = folder.toAbsolutePath().normalize();
        this.file = this.folder.resolve(path).normalize();
        if (path.indexOf('\0') >= 0 || !file.startsWith(this.folder) || file.equals(this.folder)) {
            throw outside(path);
        }
    }

    String name() {
        return file.getFileName().toString();
    }

    boolean exists() {
        return Files.exists(file);
    }

    /**
     * The path without links.
     *
     * @throws NoSuchFileException if there is no file
     * @throws IllegalArgumentException if a link leads out of the folder
     */
    Path real() throws IOException {
        var real = file.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw outside(folder.relativize(file).toString());
        }
        return real;
    }

    private static IllegalArgumentException outside(String path) {
        return new IllegalArgumentException(
                "The path '%s' must be that of a file in the folder of the pipelines, without links that leave it."
                        .formatted(path.replaceAll("\\p{Cntrl}", "?")));
    }
}
