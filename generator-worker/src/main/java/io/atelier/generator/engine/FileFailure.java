package io.atelier.generator.engine;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/**
 * The failure of a file of a model that cannot be read. Only what is known of its content stays until it is changed; what the system cannot do now, such as to
 * open one more file, it may do for the next job.
 */
public final class FileFailure {

    private FileFailure() {}

    /**
     * Creates the failure.
     *
     * @param file for messages, such as {@code unet/config.json}
     * @param remedy what to do with a file that is missing or damaged, as a sentence
     */
    public static GenerationFailed of(String file, IOException cause, String remedy) {
        var failure = isOfContent(cause)
                ? new Failure(Code.NOT_CONFIGURED, "%s cannot be used: %s. %s".formatted(file, reason(cause), remedy))
                : new Failure(
                        Code.ENGINE_UNAVAILABLE,
                        "%s cannot be read now: %s. Check the disk, and who may read the file."
                                .formatted(file, reason(cause)));
        return new GenerationFailed(failure, cause);
    }

    /** The failure of a walk through a folder; otherwise the same. */
    public static GenerationFailed of(String folder, UncheckedIOException cause, String remedy) {
        return of(folder, Objects.requireNonNull(cause.getCause(), "an unchecked exception always has one"), remedy);
    }

    private static boolean isOfContent(IOException cause) {
        return cause instanceof NoSuchFileException
                || cause instanceof NotDirectoryException
                || cause instanceof CharacterCodingException;
    }

    /** Messages of the file system are often only the path. */
    private static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "it is missing";
        }
        if (cause instanceof NotDirectoryException) {
            return "it is no folder";
        }
        if (cause instanceof CharacterCodingException) {
            return "it is no text in UTF-8";
        }
        if (cause instanceof AccessDeniedException) {
            return "access is denied";
        }
        var message = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return Objects.requireNonNullElse(message, cause.getClass().getSimpleName());
    }
}
