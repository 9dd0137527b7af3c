package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.transfer.ContentChecksum;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of a model at its source.
 *
 * @param path relative to the model folder, with slashes
 * @param bytes its size
 * @param checksum null if the source names none
 * @param version what the source calls these bytes; empty if it does not say, or its files never change
 */
public record SourceFile(String path, long bytes, @Nullable ContentChecksum checksum, String version) {

    private static final Pattern UNSAFE = Pattern.compile("[\\\\\\x00-\\x1f\\x7f]|^[A-Za-z]:");

    /** Checks the path, which may come from a server: it must stay in the folder of the model. */
    public SourceFile {
        boolean leadsOut = Arrays.stream(path.split("/", -1))
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (leadsOut || UNSAFE.matcher(path).find()) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "The list of files names '%s', which is not a path inside the model. Do not use this source."
                            .formatted(path));
        }
        if (bytes < 0) {
            throw new CommandFailed(
                    ExitCode.REFUSED, "The source does not say how large %s is. Use another source.".formatted(path));
        }
    }

    /** A file without a version. */
    SourceFile(String path, long bytes, @Nullable ContentChecksum checksum) {
        this(path, bytes, checksum, "");
    }

    /** The name of the folder that it is in; empty for the model folder itself. */
    String folder() {
        return path.substring(0, Math.max(0, path.indexOf('/')));
    }
}
