package io.atelier.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a file system supports user-defined attributes. The object store keeps media types, metadata and ETags in them, and loses these
 * silently if they are not supported.
 */
final class ExtendedAttributes {

    private static final String NAME = "atelier.probe";

    private ExtendedAttributes() {}

    /**
     * Writes an attribute of a file in the folder and reads it back.
     *
     * @throws EmbeddedServerFailed if the attribute is lost or changed
     */
    static void require(Path folder) {
        try {
            var probe = Files.createTempFile(folder, "attributes", ".probe");
            try {
                if (!supportsAttributes(probe)) {
                    throw unsupported(folder, null);
                }
            } finally {
                Files.delete(probe);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw unsupported(folder, e);
        }
    }

    private static boolean supportsAttributes(Path file) throws IOException {
        var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (attributes == null) {
            return false;
        }
        var written = StandardCharsets.UTF_8.encode("value");
        attributes.write(NAME, written.duplicate());
        var read = ByteBuffer.allocate(attributes.size(NAME));
        attributes.read(NAME, read);
        return read.flip().equals(written);
    }

    private static EmbeddedServerFailed unsupported(Path folder, @Nullable Exception cause) {
        return new EmbeddedServerFailed(
                "The file system of the folder " + folder
                        + " does not support extended attributes, which the object store needs"
                        + " for media types and checksums. Choose a folder on a local disk (ext4, xfs, btrfs, apfs, ntfs).",
                cause);
    }
}
