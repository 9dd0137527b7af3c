package io.atelier.standalone.avatar;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.image.ImageFileWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of the images of one avatar. Existing files of the same names are replaced. */
final class AvatarFolder {

    private static final String EXTENSION = ".png";

    private final Path folder;

    AvatarFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Creates the folder if it is missing, and checks that files can be written in it.
     *
     * @throws CommandFailed if not
     */
    void create() {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, folder + " is a file; choose a folder for the images with -o.");
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The folder %s cannot be created: %s".formatted(folder, CommandFailed.reason(e)));
        }
        writer("base").check();
    }

    /**
     * Writes an image.
     *
     * @param name of the file without its ending
     */
    Path save(String name, String job, byte[] bytes) {
        return writer(name).save(job, 0, 1, bytes);
    }

    private ImageFileWriter writer(String name) {
        return new ImageFileWriter(folder.resolve(name + EXTENSION), EXTENSION);
    }
}
