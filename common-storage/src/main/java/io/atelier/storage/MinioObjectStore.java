package io.atelier.storage;

import static io.atelier.storage.http.AsyncRetry.unwrapped;

import io.atelier.storage.http.AsyncRetry;
import io.atelier.storage.http.HttpTransport;
import io.minio.BucketExistsArgs;
import io.minio.Checksum;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
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

/**
 * An {@link ObjectStore} in a bucket of any S3 server. Transient failures are retried twice within a second. Each object has its SHA-256 in its
 * metadata. HTTP caches may keep objects for ever, because no key is written twice.
 */
final class MinioObjectStore implements ObjectStore, AutoCloseable {

    private final String bucket;
    private final HttpTransport transport;
    private final MinioAsyncClient calls;
    private final MinioAsyncClient streams;
    private final ObjectLinks links;
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
        this.links = new S3Links(properties);
        this.failures = new S3Failures(properties.endpoint().toString());
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        var object = StoredObject.of(key, bytes, mediaType, metadata);
        var headers = Map.of("If-None-Match", "*", "Cache-Control", CACHE_CONTROL);
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
                                .userMetadata(object.attributes())
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
        return links.link(key, validFor, contentDisposition);
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
        return withBucket(() -> CompletableFuture.failedFuture(ObjectStoreFailed.missingBucket(bucket)));
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
                content.discard();
            }
        });
        return result;
    }

    private StatObjectArgs stat(ObjectKey key) {
        return StatObjectArgs.builder().bucket(bucket).object(key.value()).build();
    }

    private StoredObject stored(ObjectKey key, StatObjectResponse found) {
        var attributes = new HashMap<String, String>();
        found.userMetadata()
                .forEach(entry -> attributes.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
        return StoredObject.found(key, found.size(), found.contentType(), attributes, bucket);
    }

    private static ObjectContent content(GetObjectResponse response) {
        var length = response.headers().get("Content-Length");
        return new ObjectContent(response, length == null ? 0 : Long.parseLong(length));
    }

    static MinioAsyncClient client(StorageProperties properties, URI endpoint, OkHttpClient http) {
        return MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                // Without a region, the client asks the server for it, even to create a link.
                .region(properties.region())
                .credentials(properties.accessKey(), properties.secretKey())
                .httpClient(http, false)
                .build();
    }
}
