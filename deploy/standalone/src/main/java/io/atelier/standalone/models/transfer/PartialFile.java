package io.atelier.standalone.models.transfer;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The beginning of a file that is being downloaded, beside its target: {@code FILE.part}, and {@code FILE.part.etag} with what the server calls this
 * version of the file. For one thread.
 */
final class PartialFile {

    private static final int BUFFER = 1 << 20;

    private final Path target;
    private final Path part;
    private final Path version;

    PartialFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.version = target.resolveSibling(target.getFileName() + ".part.etag");
    }

    /** The number of bytes that are there. */
    long size() {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** What the server calls the version of these bytes; empty if it did not say. */
    Optional<String> version() {
        try {
            return Files.exists(version)
                    ? Optional.of(Files.readString(version)).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Deletes all bytes; those to come are of this version. */
    void restart(String newVersion) {
        discard();
        try {
            Files.createDirectories(part.toAbsolutePath().getParent());
            Files.writeString(version, newVersion);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Opens the file for bytes at its end. */
    FileChannel append() {
        try {
            return FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Writes all bytes of the buffer. */
    void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Adds the bytes that are there to a check. */
    void addTo(ContentChecksum.Check check) {
        try (var channel = FileChannel.open(part, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                check.add(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Gives the complete file its name. */
    void complete() {
        try {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(version);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void discard() {
        try {
            Files.deleteIfExists(part);
            Files.deleteIfExists(version);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private CommandFailed unwritable(IOException failure) {
        return new CommandFailed(
                ExitCode.UNWRITABLE,
                "%s cannot be written: %s. Free space on the disk or mend its permissions; the same command then goes on."
                        .formatted(part, CommandFailed.reason(failure)));
    }
}
