package io.atelier.storage;

import static io.atelier.storage.http.AsyncRetry.unwrapped;

import io.atelier.storage.http.HttpTransport;
import io.minio.Checksum;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectArgs;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ObjectStore} in a bucket of any S3 server. Transient failures are retried twice within a second. Each object has its SHA-256 in its
 * metadata. HTTP caches may keep objects for ever, because no key is written twice.
 */
final class MinioObjectStore implements ObjectStore, AutoCloseable {

    private final String bucket;
    private final HttpTransport transport;
    private final MinioAsyncClient client;
    private final MinioAsyncClient streams;
    private final ObjectLinks links;
    private final S3Calls calls;

    MinioObjectStore(StorageProperties properties) {
        this(properties, transport(properties));
    }

    /** Creates a store that closes the transport together with itself. */
    MinioObjectStore(StorageProperties properties, HttpTransport transport) {
        this.bucket = properties.bucket();
        this.transport = transport;
        this.client = client(properties, properties.endpoint(), transport.calls());
        this.streams = client(properties, properties.endpoint(), transport.streams());
        this.links = new S3Links(properties);
        this.calls = new S3Calls(client, new S3Failures(properties.endpoint().toString()));
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        var object = StoredObject.of(key, bytes, mediaType, metadata);
        var headers = Map.of("If-None-Match", "*", "Cache-Control", CACHE_CONTROL);
        return calls.withRetries(
                "put " + key,
                () -> client.putObject(PutObjectArgs.builder()
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
                                ? calls.head(bucket, key).thenApply(found -> S3Calls.stored(bucket, key, found))
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return calls.find(bucket, key, found -> Optional.of(S3Calls.stored(bucket, key, found)));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return calls.withRetries("open " + key, () -> {
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
        return calls.delete(bucket, key);
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        var page = S3Listing.page(bucket, folder, after, limit);
        return calls.withRetries(
                "list " + folder, () -> client.listObjectsV2(page).thenApply(S3Listing::page));
    }

    @Override
    public CompletableFuture<Void> prepare() {
        return calls.withBucket(bucket, () -> calls.createBucket(bucket));
    }

    @Override
    public CompletableFuture<Void> check() {
        return calls.withBucket(bucket, () -> CompletableFuture.failedFuture(ObjectStoreFailed.missingBucket(bucket)));
    }

    /** Cancels running requests; their futures fail. */
    @Override
    public void close() {
        transport.close();
    }

    private static ObjectContent content(GetObjectResponse response) {
        var length = response.headers().get("Content-Length");
        return new ObjectContent(response, length == null ? 0 : Long.parseLong(length));
    }

    /** The connections to the server of the settings. */
    static HttpTransport transport(StorageProperties properties) {
        return HttpTransport.to(
                properties.endpoint(),
                properties.certificates(),
                properties.connectTimeout(),
                properties.silenceTimeout(),
                properties.callTimeout());
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
