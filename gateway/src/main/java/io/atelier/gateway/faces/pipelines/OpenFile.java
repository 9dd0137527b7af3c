package io.atelier.gateway.faces.pipelines;

import io.atelier.storage.ObjectStore.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.ETag;
import reactor.core.publisher.Flux;

/**
 * A file while it is sent. Its methods block, apart from {@link #close}.
 *
 * @param modified in whole seconds
 */
record OpenFile(FileChannel channel, long length, Instant modified, ETag tag) {

    private static final int CHUNK_BYTES = 16 * 1024;

    /** Opens a file. Fails if it is no regular file. */
    static OpenFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString(), null, "There is no regular file");
        }
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            long length = channel.size();
            var modified = Files.getLastModifiedTime(path).toInstant();
            var tag = "%x-%x-%x".formatted(modified.getEpochSecond(), modified.getNano(), length);
            return new OpenFile(channel, length, modified.truncatedTo(ChronoUnit.SECONDS), new ETag(tag, false));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The bytes of a part, which are read as they are requested. Fails if the file has become shorter. */
    Flux<DataBuffer> read(ByteRange range, DataBufferFactory buffers) {
        return Flux.generate(range::first, (position, sink) -> {
            try {
                var bytes = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, range.last() + 1 - position));
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, position + bytes.position()) < 0) {
                        throw new EOFException("The file ended %d bytes early".formatted(range.last() + 1 - position));
                    }
                }
                long next = position + bytes.capacity();
                sink.next(buffers.wrap(bytes.flip()));
                if (next > range.last()) {
                    sink.complete();
                }
                return next;
            } catch (ClosedChannelException e) {
                // The client has disconnected.
                sink.complete();
                return position;
            } catch (IOException e) {
                sink.error(e);
                return position;
            }
        });
    }

    /** Ends a read that is running, too. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
