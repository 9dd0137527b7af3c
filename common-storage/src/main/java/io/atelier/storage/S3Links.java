package io.atelier.storage;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Signs links with the keys of an S3 server. Its client is created with the first link, because most processes create none. */
final class S3Links implements ObjectLinks {

    private static final Duration MIN_VALIDITY = Duration.ofSeconds(1);
    private static final Duration MAX_VALIDITY = Duration.ofDays(7);

    private final StorageProperties properties;

    private @Nullable MinioAsyncClient client;

    S3Links(StorageProperties properties) {
        this.properties = properties;
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        if (validFor.compareTo(MIN_VALIDITY) < 0 || validFor.compareTo(MAX_VALIDITY) > 0) {
            throw new IllegalArgumentException("A link can be valid for 1 second to 7 days; got " + validFor);
        }
        try {
            return URI.create(client().getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.GET)
                    .bucket(properties.bucket())
                    .object(key.value())
                    .expiry((int) validFor.toSeconds())
                    .extraQueryParams(Map.of("response-content-disposition", contentDisposition))
                    .build()));
        } catch (MinioException e) {
            throw new S3Failures(properties.endpoint().toString()).failed("link to " + key, e);
        }
    }

    private synchronized MinioAsyncClient client() {
        if (client == null) {
            // It sends no request, so it needs none of the settings of connections.
            client = MinioObjectStore.client(properties, properties.linkEndpoint(), new OkHttpClient());
        }
        return client;
    }
}
