package io.atelier.standalone.models;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.library.ModelsFolder;
import io.atelier.standalone.models.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folder in which the files of a model arrive. It notes which source they are from: those of another one are not used. */
record StagingFolder(Path root) {

    private static final String ORIGIN = ".origin";

    /** The folder of the versions of files that have arrived, each with the path of its file. */
    private static final String VERSIONS = ".versions";

    /** @param origin the source of the files that may be there; empty if they are not used */
    void prepare(String origin) {
        var note = root.resolve(ORIGIN);
        try {
            boolean isKnown = !origin.isEmpty()
                    && Files.isRegularFile(note)
                    && Files.readString(note).equals(origin);
            if (!isKnown) {
                ModelsFolder.delete(root);
            }
            Files.createDirectories(root);
            Files.writeString(note, origin);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** The size of all files that are there, in bytes. */
    long bytes() {
        try (var files = Files.walk(root)) {
            long sum = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    Path file(SourceFile file) {
        return root.resolve(file.path());
    }

    /** Whether a file has arrived, in the version that its source has now. It has its name only since it was complete. */
    boolean has(SourceFile file) {
        try {
            return Files.isRegularFile(file(file), LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file(file)) == file.bytes()
                    && (file.version().isEmpty() || file.version().equals(arrivedVersion(file)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Notes that a file has arrived. */
    void arrived(SourceFile file) {
        if (file.version().isEmpty()) {
            return;
        }
        var note = version(file);
        try {
            Files.createDirectories(note.getParent());
            Files.writeString(note, file.version());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** All files are there. */
    void finish() {
        try {
            ModelsFolder.delete(root.resolve(VERSIONS));
            Files.deleteIfExists(root.resolve(ORIGIN));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private String arrivedVersion(SourceFile file) throws IOException {
        var note = version(file);
        return Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS) ? Files.readString(note) : "";
    }

    private Path version(SourceFile file) {
        return root.resolve(VERSIONS).resolve(file.path());
    }

    private CommandFailed unwritable(IOException failure) {
        return new CommandFailed(
                ExitCode.UNWRITABLE, "%s cannot be written: %s".formatted(root, CommandFailed.reason(failure)));
    }
}
