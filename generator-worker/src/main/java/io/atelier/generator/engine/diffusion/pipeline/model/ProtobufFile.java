package io.atelier.generator.engine.diffusion.pipeline.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads the fields of a file in the wire format of Protocol Buffers, and skips the others without reading them. Throws a {@link MalformedFile} if it has
 * another form, and other exceptions if it cannot be read. For one thread.
 */
final class ProtobufFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 16_384;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    /** Position in the file of the first byte of the buffer. */
    private long bufferStart;

    private int field;
    private int wireType;

    ProtobufFile(Path path) throws IOException {
        channel = FileChannel.open(path);
        size = channel.size();
    }

    long size() {
        return size;
    }

    long position() {
        return bufferStart + buffer.position();
    }

    /** Reads the number and type of the next field. False at the end of the message. */
    boolean nextField(long end) throws IOException {
        if (position() >= end) {
            return false;
        }
        long tag = number();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        // No field has the number 0. Zeros, as of a file whose space was reserved only, would be read to their end.
        if (field == 0) {
            throw new MalformedFile("it is not an ONNX file");
        }
        return true;
    }

    /** Whether the field is the given one and has a length: a message, a text or packed numbers. */
    boolean isMessage(int number) {
        return field == number && wireType == LENGTH_DELIMITED;
    }

    /** Whether the field is the given one and a single number. */
    boolean isNumber(int number) {
        return field == number && wireType == VARINT;
    }

    /** Reads a number. */
    long number() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = next();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new MalformedFile("a number is too long");
    }

    /** Reads the length of a message and returns the position of its end. */
    long endOfMessage() throws IOException {
        long length = number();
        if (length < 0 || length > size - position()) {
            throw new MalformedFile("the file ends too early");
        }
        return position() + length;
    }

    /** Reads a text of at most the given length in bytes. */
    String text(int longest) throws IOException {
        long end = endOfMessage();
        int length = (int) Math.min(Integer.MAX_VALUE, end - position());
        if (length > longest) {
            throw new MalformedFile("a name is too long");
        }
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = next();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Skips the value of the field. */
    void skip() throws IOException {
        switch (wireType) {
            case VARINT -> number();
            case FIXED64 -> seek(position() + Long.BYTES);
            case LENGTH_DELIMITED -> seek(endOfMessage());
            case FIXED32 -> seek(position() + Integer.BYTES);
            default -> throw new MalformedFile("it is not an ONNX file");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void seek(long position) throws IOException {
        if (position > size) {
            throw new MalformedFile("the file ends too early");
        }
        long inBuffer = position - bufferStart;
        if (inBuffer <= buffer.limit()) {
            buffer.position((int) inBuffer);
        } else {
            bufferStart = position;
            buffer.position(0).limit(0);
        }
    }

    private byte next() throws IOException {
        if (!buffer.hasRemaining()) {
            bufferStart = position();
            buffer.clear();
            int read = channel.read(buffer, bufferStart);
            buffer.flip();
            if (read <= 0) {
                throw new MalformedFile("the file ends too early");
            }
        }
        return buffer.get();
    }
}
