package io.atelier.gateway.files.format;

import java.util.Arrays;
import java.util.zip.CRC32;

/** The bytes of a file, read at positions. Reading after the end refuses the file. */
final class FileBytes {

    private final byte[] bytes;

    FileBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    int length() {
        return bytes.length;
    }

    boolean startsWith(int at, byte[] prefix) {
        return at + prefix.length <= bytes.length
                && Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length);
    }

    int octet(long at) throws ImageFileRefused {
        require(at, 1);
        return bytes[(int) at] & 0xFF;
    }

    /** An unsigned number of {@code count} bytes, at most 4, most significant byte first. */
    long bigEndian(long at, int count) throws ImageFileRefused {
        require(at, count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (bytes[(int) at + i] & 0xFF);
        }
        return value;
    }

    /** An unsigned number of {@code count} bytes, at most 4, least significant byte first. */
    long littleEndian(long at, int count) throws ImageFileRefused {
        require(at, count);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[(int) at + i] & 0xFF);
        }
        return value;
    }

    byte[] copy(long at, long count) throws ImageFileRefused {
        require(at, count);
        return Arrays.copyOfRange(bytes, (int) at, (int) (at + count));
    }

    void copyTo(FileOutput output, long at, long count) throws ImageFileRefused {
        require(at, count);
        output.write(bytes, (int) at, (int) count);
    }

    long crc(long at, long count) throws ImageFileRefused {
        require(at, count);
        var crc = new CRC32();
        crc.update(bytes, (int) at, (int) count);
        return crc.getValue();
    }

    void require(long at, long count) throws ImageFileRefused {
        if (at + count > bytes.length) {
            throw ImageFileRefused.endsEarly();
        }
    }
}
