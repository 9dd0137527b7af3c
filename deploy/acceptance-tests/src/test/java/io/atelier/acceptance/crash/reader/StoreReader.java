package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the bucket over S3 directly from the store. Thread-safe. */
public final class StoreReader implements AutoCloseable {

    private static final String BUCKET = "atelier";

    private final MinioClient client;

    public StoreReader(int port, String accessKey, String secretKey) {
        client = MinioClient.builder()
                .endpoint("http://127.0.0.1:" + port)
                .credentials(accessKey, secretKey)
                .region("us-east-1")
                .build();
    }

    /** Reads an expected image. */
    public ImageReadResult read(ExpectedImage expected) {
        return read(BUCKET, expected);
    }

    /** Reads an expected image in another bucket. */
    ImageReadResult read(String bucket, ExpectedImage expected) {
        var request =
                GetObjectArgs.builder().bucket(bucket).object(expected.key()).build();
        try (var object = client.getObject(request)) {
            var bytes = object.readAllBytes();
            var modified = Objects.requireNonNull(object.headers().get("Last-Modified"));
            return ImageReadResult.success(expected, 200, bytes, instant(modified));
        } catch (ErrorResponseException e) {
            return ImageReadResult.failure(
                    expected, e.response().code(), e.response().code());
        } catch (MinioException | IOException | IllegalStateException e) {
            return ImageReadResult.failure(expected, 0, 0);
        }
    }

    /** The text in an object; empty if it cannot be read. */
    Optional<String> text(String key) {
        var request = GetObjectArgs.builder().bucket(BUCKET).object(key).build();
        try (var object = client.getObject(request)) {
            return Optional.of(new String(object.readAllBytes(), StandardCharsets.UTF_8));
        } catch (MinioException | IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** The keys of all objects in a folder with the times at which they were stored, cut to seconds; empty if they cannot be listed. */
    Optional<Map<String, Instant>> objects(String folder) {
        var request = ListObjectsArgs.builder()
                .bucket(BUCKET)
                .prefix(folder)
                .recursive(true)
                .build();
        var objects = new TreeMap<String, Instant>();
        try {
            for (var result : client.listObjects(request)) {
                var item = result.get();
                objects.put(item.objectName(), item.lastModified().toInstant().truncatedTo(ChronoUnit.SECONDS));
            }
            return Optional.of(objects);
        } catch (MinioException | RuntimeException e) {
            // RuntimeException: the iterator wraps a broken connection in several of them.
            return Optional.empty();
        }
    }

    /** Whether the store accepts an object. */
    public boolean accepts(String key, byte[] bytes) {
        try {
            client.putObject(PutObjectArgs.builder()
                    .bucket(BUCKET)
                    .object(key)
                    .data(bytes, bytes.length)
                    .build());
            return true;
        } catch (MinioException | IllegalStateException e) {
            // IllegalStateException, although undocumented, wraps a broken connection.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("The S3 client cannot be closed", e);
        }
    }

    private static Instant instant(String modified) {
        return ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}
