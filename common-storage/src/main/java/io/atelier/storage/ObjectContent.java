package io.atelier.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an opened object or range. Reading blocks. Not thread-safe: reading and closing must not overlap. */
public final class ObjectContent implements Closeable {

    private final InputStream bytes;
    private final long length;

    /** @param length number of bytes in the stream */
    public ObjectContent(InputStream bytes, long length) {
        this.bytes = bytes;
        this.length = length;
    }

    public InputStream stream() {
        return bytes;
    }

    /** The number of bytes in the stream. */
    public long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
