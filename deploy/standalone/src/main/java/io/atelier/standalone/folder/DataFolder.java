package io.atelier.standalone.folder;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a system keeps everything, by default {@code ./data}: one folder, one system. */
public record DataFolder(Path root) {

    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes the folder if it is not there, and proves that it can be written to. */
    public DataFolder create() {
        try {
            Files.createDirectories(logs());
            Files.createDirectories(running());
            Files.delete(Files.createTempFile(running(), "probe", null));
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The data folder %s cannot be used: %s. Set ATELIER_DATA to a folder that you may write to."
                            .formatted(root, e));
        }
        return this;
    }

    /** The broker's log segments. */
    public Path broker() {
        return root.resolve("broker");
    }

    /** The pictures. */
    public Path store() {
        return root.resolve("store");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** What a process says that was started in the background; written anew at each start. */
    public Path backgroundLog() {
        return logs().resolve("background.log");
    }

    /** A file for each process that runs from this folder, and a lock for each part that may run once. */
    Path running() {
        return root.resolve("running");
    }

    Path keys() {
        return root.resolve("s3-keys.properties");
    }
}
