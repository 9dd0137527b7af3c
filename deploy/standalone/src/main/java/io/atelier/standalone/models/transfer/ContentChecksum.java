package io.atelier.standalone.models.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the content of a file must be.
 *
 * @param kind how the checksum is made
 * @param hex its digits
 */
public record ContentChecksum(Kind kind, String hex) {

    /** How a checksum is made. */
    public enum Kind {
        /** Of the bytes of the file; of files in Git LFS. */
        SHA_256("SHA-256"),
        /** The id that Git gives to the file: of a header with its size, and of its bytes. */
        GIT_BLOB("SHA-1");

        private final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }
    }

    public ContentChecksum {
        hex = hex.toLowerCase(Locale.ROOT);
    }

    /**
     * Starts to check a file.
     *
     * @param size of the file in bytes
     */
    Check begin(long size) {
        return new Check(kind, size);
    }

    /** Whether these are the digits of a checksum of its kind. */
    public boolean isWellFormed() {
        return hex.matches(kind == Kind.SHA_256 ? "[0-9a-f]{64}" : "[0-9a-f]{40}");
    }

    /** The checksum of the bytes that have arrived. For one thread. */
    static final class Check {

        private final MessageDigest digest;
        private long count;

        private Check(Kind kind, long size) {
            try {
                digest = MessageDigest.getInstance(kind.algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has " + kind.algorithm, e);
            }
            if (kind == Kind.GIT_BLOB) {
                digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
        }

        /** The number of bytes that were added. */
        long count() {
            return count;
        }

        void add(ByteBuffer bytes) {
            count += bytes.remaining();
            digest.update(bytes);
        }

        /** The digits; ends the check. */
        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
