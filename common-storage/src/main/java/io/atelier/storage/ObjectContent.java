package io.atelier.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bytes of an opened object or range. Reading blocks. Not thread-safe: reading and closing must not overlap. */
public final class ObjectContent implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectContent.class);

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

    /** Closes the stream for a caller that does not want it any more. */
    public void discard() {
        try {
            bytes.close();
        } catch (IOException e) {
            LOG.debug("A content that arrived after its caller had cancelled could not be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
