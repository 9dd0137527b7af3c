package io.atelier.gateway.api.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.gateway.api.export.ZipFrames.ZipFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

class ZipFramesTests {

    private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();
    private static final int CHUNK = 16 * 1024;

    @Test
    void filesAreReadAsTheyWereWritten() throws IOException {
        var random = new byte[3 * CHUNK + 5];
        new Random(1).nextBytes(random);
        var files = new LinkedHashMap<String, byte[]>();
        files.put("batch.json", "{}".getBytes(StandardCharsets.UTF_8));
        files.put("42/img_0.png", random);
        files.put("\u00e9/one", new byte[] {1});

        var archive = bytes(ZipFrames.of(
                Flux.fromIterable(files.entrySet()).map(file -> new ZipFile(file.getKey(), chunks(file.getValue()))),
                BUFFERS));

        var read = unzipped(archive);
        assertThat(read.keySet()).containsExactlyElementsOf(files.keySet());
        files.forEach((name, content) -> assertThat(read.get(name)).isEqualTo(content));
    }

    @Test
    void fileWithoutBytesIsLeftOut() throws IOException {
        var archive = bytes(ZipFrames.of(
                Flux.just(
                        new ZipFile("a", chunks(new byte[] {1})),
                        new ZipFile("b", Flux.empty()),
                        new ZipFile("c", chunks(new byte[] {3}))),
                BUFFERS));

        assertThat(unzipped(archive).keySet()).containsExactly("a", "c");
    }

    @Test
    @DisplayName("The directory at the end is that of the files, as other programs read it")
    void directoryIsComplete(@TempDir Path folder) throws IOException {
        var file = Files.write(
                folder.resolve("archive.zip"),
                bytes(ZipFrames.of(
                        Flux.range(0, 70_000).map(i -> new ZipFile("f/" + i, chunks(new byte[] {i.byteValue()}))),
                        BUFFERS)));

        try (var zip = new java.util.zip.ZipFile(file.toFile())) {
            assertThat(zip.size()).isEqualTo(70_000);
            assertThat(zip.getInputStream(zip.getEntry("f/69999")).readAllBytes())
                    .containsExactly((byte) 69_999);
        }
    }

    @Test
    void nothingIsReadAfterTheClientHasGone() {
        var opened = new AtomicInteger();
        var files = Flux.range(0, 100)
                .map(i -> new ZipFile("f" + i, Flux.defer(() -> {
                    opened.incrementAndGet();
                    return chunks(new byte[CHUNK]);
                })));

        assertThat(ZipFrames.of(files, BUFFERS).take(2).collectList().block()).hasSize(2);

        assertThat(opened.get()).isBetween(1, 3);
    }

    @Test
    @DisplayName("A file is opened when all before it were sent, and no frame is much larger than a chunk")
    void oneFileIsOpenAtATime() {
        var open = new AtomicInteger();
        var mostOpen = new AtomicInteger();
        var largest = new AtomicLong();
        var total = new AtomicLong();
        var files = Flux.range(0, 100)
                .map(i -> new ZipFile("img_" + i, Flux.defer(() -> {
                    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                    return Flux.range(0, 200)
                            .<DataBuffer>map(chunk -> BUFFERS.wrap(new byte[CHUNK]))
                            .doFinally(end -> open.decrementAndGet());
                })));

        ZipFrames.of(files, BUFFERS)
                .doOnNext(frame -> {
                    largest.accumulateAndGet(frame.readableByteCount(), Math::max);
                    total.addAndGet(frame.readableByteCount());
                })
                .blockLast();

        assertThat(mostOpen).hasValue(1);
        assertThat(total.get()).isGreaterThan(300L * 1024 * 1024);
        assertThat(largest.get()).isLessThan(2L * CHUNK);
    }

    @Test
    @DisplayName("An archive that broke off has no directory")
    void failureEndsTheArchiveWithoutItsDirectory() {
        var sent = new ByteArrayOutputStream();
        var files = Flux.just(
                new ZipFile("a", chunks(new byte[] {1})),
                new ZipFile("b", Flux.concat(chunks(new byte[] {2}), Flux.error(new IOException("gone")))));

        assertThatThrownBy(() -> ZipFrames.of(files, BUFFERS)
                        .doOnNext(frame -> sent.writeBytes(content(frame)))
                        .blockLast())
                .hasRootCauseMessage("gone");

        assertThat(sent.toString(StandardCharsets.ISO_8859_1))
                .startsWith("PK\u0003\u0004")
                .doesNotContain("PK\u0005\u0006");
    }

    private static Flux<DataBuffer> chunks(byte[] content) {
        return Flux.fromStream(() -> IntStream.rangeClosed(0, (content.length - 1) / CHUNK)
                .mapToObj(i -> BUFFERS.wrap(
                        Arrays.copyOfRange(content, i * CHUNK, Math.min(content.length, (i + 1) * CHUNK)))));
    }

    private static byte[] bytes(Flux<DataBuffer> frames) {
        var all = new ByteArrayOutputStream();
        Objects.requireNonNull(frames.collectList().block()).forEach(frame -> all.writeBytes(content(frame)));
        return all.toByteArray();
    }

    private static byte[] content(DataBuffer frame) {
        var bytes = new byte[frame.readableByteCount()];
        frame.read(bytes);
        return bytes;
    }

    private static Map<String, byte[]> unzipped(byte[] archive) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
