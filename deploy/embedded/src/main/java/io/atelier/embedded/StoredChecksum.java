package io.atelier.embedded;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.gaul.s3proxy.checksum.FlexChecksum;

/** The CRC32 of an object, which the S3 server keeps among the user metadata and sends to clients that ask for it. */
final class StoredChecksum {

    private StoredChecksum() {}

    /** The user metadata with the CRC32 of the bytes, as the server stores it for a client that sends one. */
    static Map<String, String> added(Map<String, String> userMetadata, byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        var value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue());
        var all = new HashMap<>(userMetadata);
        all.put(FlexChecksum.CRC32.metadataKey(), Base64.getEncoder().encodeToString(value.array()));
        return all;
    }

    /** The user metadata without the server's own entries. */
    static Map<String, String> removed(Map<String, String> stored) {
        var userMetadata = new HashMap<>(stored);
        userMetadata.keySet().removeIf(name -> name.startsWith(FlexChecksum.METADATA_PREFIX));
        return userMetadata;
    }
}
