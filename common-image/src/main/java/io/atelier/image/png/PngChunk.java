package io.atelier.image.png;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/** A chunk of a PNG. Immutable as long as the array of its body is not changed. */
final class PngChunk {

    /** The bytes of a chunk beside its body: length, type and checksum. */
    static final int OVERHEAD = 12;

    /** The chunks that decide which colours the samples mean, and the resolution. They go with the samples wherever these go. */
    private static final Set<String> COLOUR =
            Set.of("PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT", "pHYs");

    private final String type;
    private final byte[] body;

    PngChunk(String type, byte[] body) {
        this.type = type;
        this.body = body;
    }

    String type() {
        return type;
    }

    /** The body itself, not a copy. */
    @SuppressWarnings("EI_EXPOSE_REP")
    byte[] body() {
        return body;
    }

    static boolean isColour(String type) {
        return COLOUR.contains(type);
    }

    /** Whether a reader that does not know the chunk must not show the image (ISO/IEC 15948 §5.4). */
    static boolean isCritical(String type) {
        return Character.isUpperCase(type.charAt(0));
    }

    /** The checksum of some bytes: of the type and the body of a chunk. */
    static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** What it takes in a file. */
    long fileBytes() {
        return (long) OVERHEAD + body.length;
    }

    /** Appends it to a file. */
    void write(ByteBuffer file) {
        var name = type.getBytes(StandardCharsets.ISO_8859_1);
        var crc = new CRC32();
        crc.update(name);
        crc.update(body);
        file.putInt(body.length).put(name).put(body).putInt((int) crc.getValue());
    }
}
