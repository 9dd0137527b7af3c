package io.atelier.standalone.folder;

import io.atelier.embedded.OwnerOnly;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Root folder of all data of one system, {@code ./data} by default. */
public record DataFolder(Path root) {

    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * Creates the folder if it is missing, and checks that it is writable. The folder, if it is new, and its parts are those of the owner only;
     * a folder that existed keeps its permissions, because it may hold more than this system.
     *
     * @throws CommandFailed if it is not
     */
    public DataFolder create() {
        try {
            OwnerOnly.createMissing(root);
            for (var part : List.of(logs(), running(), gateway(), nativeLibraries())) {
                OwnerOnly.create(part);
            }
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

    /** The objects of the embedded object store. */
    public Path store() {
        return root.resolve("store");
    }

    /** The state of the gateway. */
    public Path gateway() {
        return root.resolve("gateway");
    }

    /** Native libraries that were unpacked from jars. Named here, because logging is not configured yet when the folders are created. */
    public Path nativeLibraries() {
        return root.resolve("native");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** The output of the process that was started in the background; replaced at each start. */
    public Path backgroundLog() {
        return logs().resolve("background.log");
    }

    /** One file for each process that runs from this folder, and one lock for each exclusive part. */
    Path running() {
        return root.resolve("running");
    }

    Path keys() {
        return root.resolve("s3-keys.properties");
    }
}
