package io.atelier.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.jspecify.annotations.Nullable;

/** Asks a file system for user-defined attributes. The object store keeps types, notes and ETags in them, and without them loses these silently. */
final class FileAttributes {

    private static final String NAME = "atelier.probe";

    private FileAttributes() {}

    /**
     * Writes an attribute in the folder and reads it back.
     *
     * @throws EmbeddedServerFailed if what comes back is not what was written
     */
    static void require(Path folder) {
        try {
            var probe = Files.createTempFile(folder, "attributes", ".probe");
            try {
                if (!keepsAttributes(probe)) {
                    throw unsupported(folder, null);
                }
            } finally {
                Files.delete(probe);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw unsupported(folder, e);
        }
    }

    private static boolean keepsAttributes(Path file) throws IOException {
        var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (attributes == null) {
            return false;
        }
        var written = StandardCharsets.UTF_8.encode("kept");
        attributes.write(NAME, written.duplicate());
        var read = ByteBuffer.allocate(attributes.size(NAME));
        attributes.read(NAME, read);
        return read.flip().equals(written);
    }

    private static EmbeddedServerFailed unsupported(Path folder, @Nullable Exception cause) {
        return new EmbeddedServerFailed(
                "The file system of the folder " + folder
                        + " does not keep extended attributes, which the object store needs"
                        + " for media types and checksums. Choose a folder on a local disk (ext4, xfs, btrfs, apfs, ntfs).",
                cause);
    }
}
