package io.atelier.gateway.files.format;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/** The bytes of a new file. */
final class FileOutput {

    private final Buffer buffer;

    /** @param capacity the greatest length that the file can have */
    FileOutput(int capacity) {
        this.buffer = new Buffer(capacity);
    }

    void write(byte[] source, int at, int count) {
        buffer.write(source, at, count);
    }

    void write(byte[] source) {
        buffer.write(source, 0, source.length);
    }

    void writeOctet(int value) {
        buffer.write(value);
    }

    void writeBigEndian(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            buffer.write((int) (value >>> shift));
        }
    }

    void writeLittleEndian(long value, int count) {
        for (int i = 0; i < count; i++) {
            buffer.write((int) (value >>> (8 * i)));
        }
    }

    /** Writes the checksum of what was written since a position. */
    void writeCrcSince(int at) {
        writeBigEndian(buffer.crcSince(at), 4);
    }

    int length() {
        return buffer.size();
    }

    /** Replaces bytes that were written before by a number, least significant byte first. */
    void replaceLittleEndian(int at, long value, int count) {
        buffer.replace(at, value, count);
    }

    byte[] bytes() {
        return buffer.toByteArray();
    }

    /** Gives access to what was written. */
    private static final class Buffer extends ByteArrayOutputStream {

        Buffer(int capacity) {
            super(capacity);
        }

        long crcSince(int at) {
            var crc = new CRC32();
            crc.update(buf, at, count - at);
            return crc.getValue();
        }

        void replace(int at, long value, int length) {
            for (int i = 0; i < length; i++) {
                buf[at + i] = (byte) (value >>> (8 * i));
            }
        }

        /** The buffer itself if it is full, so that a large file without metadata is not copied once more. */
        @Override
        public byte[] toByteArray() {
            return count == buf.length ? buf : super.toByteArray();
        }
    }
}
