package io.atelier.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageMirrorTests {

    private static final byte[] IMAGE = "an image".getBytes(UTF_8);

    private final List<String> requests = new ArrayList<>();
    private HttpServer gateway;
    private int status = 200;
    private byte[] body = IMAGE;

    @TempDir
    private Path folder;

    private ImageMirror images;

    @BeforeEach
    void open() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        images = new ImageMirror(
                folder, URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()));
    }

    @AfterEach
    void close() {
        gateway.stop(0);
    }

    @Test
    void imageIsDownloadedOnce() {
        images.succeeded(job());
        images.succeeded(job());

        assertThat(storedFile()).hasBinaryContent(IMAGE);
        assertThat(requests).containsExactly("/v1/generations/" + GoldenEvents.job(1) + "/images/0");
    }

    @Test
    void expiredImageIsSkipped() {
        status = 410;

        images.succeeded(job());

        assertThat(folder.resolve(GoldenEvents.job(1))).isEmptyDirectory();
    }

    @Test
    void unavailableGatewayIsARetryableFailure() {
        status = 503;

        assertThatExceptionOfType(RetryableFailure.class)
                .isThrownBy(() -> images.succeeded(job()))
                .withMessageEndingWith("returned status 503");
        gateway.stop(0);
        assertThatExceptionOfType(RetryableFailure.class).isThrownBy(() -> images.succeeded(job()));
        assertThat(storedFile()).doesNotExist();
    }

    @Test
    void imageWithAnotherChecksumIsNotStored() {
        body = "an im".getBytes(UTF_8);

        assertThatExceptionOfType(RetryableFailure.class)
                .isThrownBy(() -> images.succeeded(job()))
                .withMessageEndingWith("does not match its checksum");
        assertThat(storedFile()).doesNotExist();
    }

    @Test
    void erasureDeletesAllImages() {
        var job = job();
        images.succeeded(job);

        images.erased(job.id());
        images.erased(job.id());

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void jpegHasTheEndingOfJpegs() {
        images.succeeded(job("image/jpeg"));

        assertThat(folder.resolve(GoldenEvents.job(1)).resolve("0.jpg")).hasBinaryContent(IMAGE);
    }

    private Path storedFile() {
        return folder.resolve(GoldenEvents.job(1)).resolve("0.png");
    }

    /** The golden success with an image of known bytes. */
    private static Job job() {
        return job("image/png");
    }

    private static Job job(String mediaType) {
        var golden = GoldenEvents.event("generation-succeeded", GoldenEvents.job(1));
        var received = new ConsumerRecord<>(golden.topic(), 0, 0, golden.key(), golden.value());
        var job =
                CloudEventReader.read(received, GenerationEvent.Succeeded.class).job();
        var digest = Sha256.of(IMAGE).hex();
        var image = new StoredImage(0, StoredImage.Kind.IMAGE, "k", digest, IMAGE.length, mediaType, 8, 8, 1L, null);
        return new Job(
                job.id(),
                job.version(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                job.attempt(),
                job.maxAttempts(),
                job.request(),
                job.worker(),
                List.of(image),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }
}
