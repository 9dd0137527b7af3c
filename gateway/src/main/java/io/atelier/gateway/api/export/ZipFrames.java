package io.atelier.gateway.api.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A ZIP archive that is written while it is sent: it has one chunk of one file in memory, and the names of the files. Files are stored, not compressed.
 * The directory, without which an archive is visibly incomplete, comes only after all files were read. Archives of more than 4 GiB or 65,535 files have
 * a directory as in Zip64.
 */
public final class ZipFrames {

    private final DataBufferFactory buffers;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(written, StandardCharsets.UTF_8);

    private boolean isFileOpen;
    private boolean isClosed;

    private ZipFrames(DataBufferFactory buffers) {
        this.buffers = buffers;
        zip.setLevel(Deflater.NO_COMPRESSION);
    }

    /**
     * A file of an archive.
     *
     * @param name with its folders, separated by slashes; no two files have the same
     * @param content is subscribed to when all files before it were sent. If it has no bytes, the file is left out
     */
    public record ZipFile(String name, Flux<DataBuffer> content) {}

    /** The bytes of an archive. Fails as soon as a file does. */
    public static Flux<DataBuffer> of(Flux<ZipFile> files, DataBufferFactory buffers) {
        return Flux.using(
                        () -> new ZipFrames(buffers),
                        frames -> files.concatMap(frames::file, 1).concatWith(Mono.fromCallable(frames::end)),
                        ZipFrames::close)
                .filter(frame -> frame.readableByteCount() > 0);
    }

    private Flux<DataBuffer> file(ZipFile file) {
        return Flux.concat(file.content().map(chunk -> add(file.name(), chunk)), Mono.fromCallable(this::endFile));
    }

    private synchronized DataBuffer add(String name, DataBuffer chunk) {
        var bytes = new byte[chunk.readableByteCount()];
        chunk.read(bytes);
        DataBufferUtils.release(chunk);
        // The client may have gone while the chunk was read.
        if (!isClosed && bytes.length > 0) {
            write(name, bytes);
        }
        return frame();
    }

    private void write(String name, byte[] bytes) {
        try {
            if (!isFileOpen) {
                zip.putNextEntry(new ZipEntry(name));
                isFileOpen = true;
            }
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("The file %s cannot be added to the archive".formatted(name), e);
        }
    }

    private synchronized DataBuffer endFile() throws IOException {
        if (isFileOpen && !isClosed) {
            zip.closeEntry();
            isFileOpen = false;
        }
        return frame();
    }

    private synchronized DataBuffer end() throws IOException {
        if (!isClosed) {
            zip.finish();
        }
        return frame();
    }

    /** Frees what is not on the heap. */
    private synchronized void close() {
        isClosed = true;
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The archive in memory cannot be closed", e);
        }
    }

    /** What was written since the last frame. */
    private DataBuffer frame() {
        var frame = buffers.wrap(written.toByteArray());
        written.reset();
        return frame;
    }
}
