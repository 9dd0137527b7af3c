package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
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
        var request =
                GetObjectArgs.builder().bucket(BUCKET).object(expected.key()).build();
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
