package io.atelier.storage;

import static io.atelier.storage.http.AsyncRetry.unwrapped;

import io.atelier.storage.http.AsyncRetry;
import io.atelier.storage.http.HttpTransport;
import io.minio.BucketExistsArgs;
import io.minio.Checksum;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link ObjectStore} in a bucket of any S3 server. Transient failures are retried twice within a second. Each object has its SHA-256 in its
 * metadata. HTTP caches may keep objects for ever, because no key is written twice.
 */
final class MinioObjectStore implements ObjectStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MinioObjectStore.class);
    private static final String SHA256 = "sha256";
    private static final Duration MIN_LINK_VALIDITY = Duration.ofSeconds(1);
    private static final Duration MAX_LINK_VALIDITY = Duration.ofDays(7);

    private final String bucket;
    private final HttpTransport transport;
    private final MinioAsyncClient calls;
    private final MinioAsyncClient streams;
    private final MinioAsyncClient links;
    private final S3Failures failures;

    MinioObjectStore(StorageProperties properties) {
        this(
                properties,
                HttpTransport.to(
                        properties.endpoint(),
                        properties.certificates(),
                        properties.connectTimeout(),
                        properties.silenceTimeout(),
                        properties.callTimeout()));
    }

    /** Creates a store that closes the transport together with itself. */
    MinioObjectStore(StorageProperties properties, HttpTransport transport) {
        this.bucket = properties.bucket();
        this.transport = transport;
        this.calls = client(properties, properties.endpoint(), transport.calls());
        this.streams = client(properties, properties.endpoint(), transport.streams());
        this.links = client(properties, properties.linkEndpoint(), transport.calls());
        this.failures = new S3Failures(properties.endpoint().toString());
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        var object = new StoredObject(
                key, bytes.length, StoredObject.sha256Of(bytes), mediaType, StoredObject.requireMetadata(metadata));
        var userMetadata = new HashMap<>(metadata);
        userMetadata.put(SHA256, object.sha256());
        var headers = Map.of("If-None-Match", "*", "Cache-Control", "private, max-age=31536000, immutable");
        return withRetries(
                "put " + key,
                () -> calls.putObject(PutObjectArgs.builder()
                                .bucket(bucket)
                                .object(key.value())
                                // Not a stream, which the client would copy and upload in parts from 5 MiB.
                                .data(bytes, bytes.length)
                                .contentType(mediaType)
                                .checksum(Checksum.Algorithm.CRC32)
                                .headers(headers)
                                .userMetadata(userMetadata)
                                .build())
                        .thenApply(written -> object)
                        .exceptionallyCompose(failure -> S3Failures.isTaken(unwrapped(failure))
                                ? calls.statObject(stat(key)).thenApply(found -> stored(key, found))
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return withRetries(
                "find " + key,
                () -> calls.statObject(stat(key))
                        .thenApply(found -> Optional.of(stored(key, found)))
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return withRetries("open " + key, () -> {
            var get = GetObjectArgs.builder().bucket(bucket).object(key.value());
            if (range != null) {
                get.offset(range.first()).length(range.length());
            }
            return streams.getObject(get.build()).thenApply(MinioObjectStore::content);
        });
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        if (validFor.compareTo(MIN_LINK_VALIDITY) < 0 || validFor.compareTo(MAX_LINK_VALIDITY) > 0) {
            throw new IllegalArgumentException("A link can be valid for 1 second to 7 days; got " + validFor);
        }
        try {
            return URI.create(links.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.GET)
                    .bucket(bucket)
                    .object(key.value())
                    .expiry((int) validFor.toSeconds())
                    .extraQueryParams(Map.of("response-content-disposition", contentDisposition))
                    .build()));
        } catch (MinioException e) {
            throw failures.failed("link to " + key, e);
        }
    }

    @Override
    public CompletableFuture<Void> delete(ObjectKey key) {
        var remove =
                RemoveObjectArgs.builder().bucket(bucket).object(key.value()).build();
        return withRetries(
                "delete " + key,
                () -> calls.removeObject(remove)
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.allOf()
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        var page = S3Listing.page(bucket, folder, after, limit);
        return withRetries("list " + folder, () -> calls.listObjectsV2(page).thenApply(S3Listing::page));
    }

    @Override
    public CompletableFuture<Void> prepare() {
        return withBucket(this::createBucket);
    }

    @Override
    public CompletableFuture<Void> check() {
        return withBucket(
                () -> CompletableFuture.failedFuture(
                        new ObjectStoreFailed(
                                ObjectStoreFailed.Kind.REFUSED,
                                "The object store has no bucket '" + bucket
                                        + "'. Restore it. A worker creates an empty one when it starts, but the images of earlier jobs are lost then.")));
    }

    /** Cancels running requests; their futures fail. */
    @Override
    public void close() {
        transport.close();
    }

    /** Succeeds if the bucket exists, else does something else. */
    private CompletableFuture<Void> withBucket(Supplier<CompletableFuture<Void>> otherwise) {
        var exists = BucketExistsArgs.builder().bucket(bucket).build();
        return withRetries(
                "use the bucket " + bucket,
                () -> calls.bucketExists(exists)
                        .thenCompose(found -> found ? CompletableFuture.allOf() : otherwise.get()));
    }

    private CompletableFuture<Void> createBucket() {
        return calls.makeBucket(MakeBucketArgs.builder().bucket(bucket).build())
                .thenAccept(created -> {})
                // Another process may have created the bucket at the same time.
                .exceptionallyCompose(failure -> S3Failures.isConflict(unwrapped(failure))
                        ? CompletableFuture.allOf()
                        : CompletableFuture.failedFuture(failure));
    }

    /** Makes a call with retries. The returned future fails with {@link ObjectStoreFailed} only. If it was cancelled, a late result is closed. */
    private <T> CompletableFuture<T> withRetries(String operation, Supplier<CompletableFuture<T>> call) {
        var result = new CompletableFuture<T>();
        var unused = AsyncRetry.of(call, S3Failures::isTransient).whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failures.failed(operation, failure));
            } else if (!result.complete(response) && response instanceof ObjectContent content) {
                closeUnused(content);
            }
        });
        return result;
    }

    private static void closeUnused(ObjectContent content) {
        try {
            content.close();
        } catch (IOException e) {
            LOG.debug("A response that arrived after its caller had cancelled could not be closed", e);
        }
    }

    private StatObjectArgs stat(ObjectKey key) {
        return StatObjectArgs.builder().bucket(bucket).object(key.value()).build();
    }

    private StoredObject stored(ObjectKey key, StatObjectResponse found) {
        var metadata = new HashMap<String, String>();
        found.userMetadata().forEach(entry -> metadata.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
        var sha256 = metadata.remove(SHA256);
        if (sha256 == null) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "The object " + key + " in the bucket " + bucket
                            + " was not stored by Atelier: it has no SHA-256 in its metadata.");
        }
        return new StoredObject(key, found.size(), sha256, found.contentType(), metadata);
    }

    private static ObjectContent content(GetObjectResponse response) {
        var length = response.headers().get("Content-Length");
        return new ObjectContent(response, length == null ? 0 : Long.parseLong(length));
    }

    private static MinioAsyncClient client(StorageProperties properties, URI endpoint, OkHttpClient http) {
        return MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                // Without a region, the client asks the server for it, even to create a link.
                .region(properties.region())
                .credentials(properties.accessKey(), properties.secretKey())
                .httpClient(http, false)
                .build();
    }
}
