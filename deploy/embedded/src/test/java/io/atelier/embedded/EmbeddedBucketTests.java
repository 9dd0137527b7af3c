package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

class EmbeddedBucketTests {

    private static final byte[] BYTES = "an image".getBytes(StandardCharsets.UTF_8);
    private static final EmbeddedBucket.Headers HEADERS =
            new EmbeddedBucket.Headers("image/png", "private", Map.of("seed", "42"));

    @TempDir
    private Path root;

    private final RunningCalls calls = new RunningCalls();
    private EmbeddedBucket bucket;

    @BeforeEach
    void create() {
        bucket = bucket(files());
        bucket.create();
    }

    @Test
    void storesAnObjectOnce() {
        var other = new EmbeddedBucket.Headers("image/jpeg", null, Map.of());

        assertThat(bucket.put("jobs/0.png", BYTES, HEADERS)).isTrue();
        assertThat(bucket.put("jobs/0.png", new byte[1], other)).isFalse();

        assertThat(bucket.find("jobs/0.png")).contains(new EmbeddedBucket.Found("jobs/0.png", BYTES.length, HEADERS));
    }

    @Test
    void canBeCreatedAgain() {
        bucket.put("jobs/0.png", BYTES, HEADERS);

        bucket.create();

        assertThat(bucket.exists()).isTrue();
        assertThat(bucket.find("jobs/0.png")).isPresent();
    }

    @Test
    void opensARange() throws IOException {
        bucket.put("jobs/0.png", BYTES, HEADERS);

        var opened = bucket.open("jobs/0.png", 3, 1_000);

        try (var stream = opened.stream()) {
            assertThat(stream.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("image");
            assertThat(opened.length()).isEqualTo(5);
        }
    }

    @Test
    void refusesARangeAfterTheLastByte() {
        bucket.put("jobs/0.png", BYTES, HEADERS);

        fails(EmbeddedBucketFailed.Kind.REFUSED, "InvalidRange", () -> bucket.open("jobs/0.png", 8, 9));
    }

    @Test
    void findsNoMissingObject() {
        assertThat(bucket.find("jobs/0.png")).isEmpty();
        fails(EmbeddedBucketFailed.Kind.NOT_FOUND, "NoSuchKey", () -> bucket.open("jobs/0.png"));
    }

    @Test
    void refusesCallsOfAMissingBucket() throws IOException {
        Files.delete(root.resolve("images"));

        assertThat(bucket.exists()).isFalse();
        fails(EmbeddedBucketFailed.Kind.REFUSED, "NoSuchBucket", () -> bucket.put("jobs/0.png", BYTES, HEADERS));
        fails(EmbeddedBucketFailed.Kind.REFUSED, "NoSuchBucket", () -> bucket.find("jobs/0.png"));
        fails(EmbeddedBucketFailed.Kind.REFUSED, "NoSuchBucket", () -> bucket.open("jobs/0.png"));
        fails(EmbeddedBucketFailed.Kind.REFUSED, "NoSuchBucket", () -> bucket.delete("jobs/0.png"));
        fails(EmbeddedBucketFailed.Kind.REFUSED, "NoSuchBucket", () -> bucket.list("jobs/", null, 10));
    }

    @Test
    void isUnavailableWhileTheDiskIsFull() {
        var full = bucket(new ForwardingBlobStore(files()) {
            @Override
            public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
                throw new IllegalStateException(new IOException("No space left on device"));
            }
        });

        fails(
                EmbeddedBucketFailed.Kind.UNAVAILABLE,
                "No space left on device",
                () -> full.put("jobs/0.png", BYTES, HEADERS));
    }

    @Test
    void isUnavailableOnceTheStoreHasStopped() {
        assertThat(calls.end(Duration.ofSeconds(1))).isTrue();

        fails(EmbeddedBucketFailed.Kind.UNAVAILABLE, "has stopped", () -> bucket.find("jobs/0.png"));
    }

    @Test
    void theStoreStopsAfterRunningCalls() {
        var wasWaitedFor = calls.run(() -> {
            var end = new Object() {
                boolean isOver = true;
            };
            var stopping = new Thread(() -> end.isOver = calls.end(Duration.ofMillis(10)));
            stopping.start();
            join(stopping);
            return !end.isOver;
        });

        assertThat(wasWaitedFor).isTrue();
        assertThat(calls.end(Duration.ofSeconds(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "../images", "Images", "a..b", "10.0.0.1", "-images", "images/jobs"})
    void refusesNamesThatS3ClientsCannotUse(String name) {
        fails(EmbeddedBucketFailed.Kind.REFUSED, "'" + name + "'", () -> new EmbeddedBucket(name, files(), calls));
    }

    private EmbeddedBucket bucket(BlobStore blobs) {
        return new EmbeddedBucket("images", blobs, calls);
    }

    private BlobStore files() {
        return new DurableBlobStore(new FilesystemNio2BlobStore(root.toString()), root);
    }

    private static void fails(EmbeddedBucketFailed.Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EmbeddedBucketFailed.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
