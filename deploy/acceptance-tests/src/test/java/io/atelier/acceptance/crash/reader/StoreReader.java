package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ImageRead.Promise;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/** Reads the bucket over S3, at the store itself. Thread-safe. */
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

    /** Reads a promised picture. */
    public ImageRead read(Promise promise) {
        var wanted =
                GetObjectArgs.builder().bucket(BUCKET).object(promise.key()).build();
        try (var object = client.getObject(wanted)) {
            var bytes = object.readAllBytes();
            var modified = Objects.requireNonNull(object.headers().get("Last-Modified"));
            return ImageRead.some(promise, 200, bytes, instant(modified));
        } catch (ErrorResponseException e) {
            return ImageRead.none(promise, e.response().code(), e.response().code());
        } catch (MinioException | IOException | IllegalStateException e) {
            return ImageRead.none(promise, 0, 0);
        }
    }

    /** Whether the store takes an object now. */
    public boolean takes(String key, byte[] bytes) {
        try {
            client.putObject(PutObjectArgs.builder()
                    .bucket(BUCKET)
                    .object(key)
                    .data(bytes, bytes.length)
                    .build());
            return true;
        } catch (MinioException | IllegalStateException e) {
            // The latter, without a word in its documentation, wraps a connection that broke.
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
