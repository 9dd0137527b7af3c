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
 * Keeps pictures in a bucket of any S3 server. Passing failures are tried again twice within a second. Objects carry their SHA-256 as
 * metadata, and may be kept by caches for ever, since no key is written twice.
 */
final class MinioObjectStore implements ObjectStore, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MinioObjectStore.class);
    private static final String SHA256 = "sha256";
    private static final Duration SHORTEST_LINK = Duration.ofSeconds(1);
    private static final Duration LONGEST_LINK = Duration.ofDays(7);

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
                        properties.connectTimeout(),
                        properties.silenceTimeout(),
                        properties.callTimeout()));
    }

    /** With a transport that is closed together with the store. */
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
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> notes) {
        var object = new StoredObject(
                key, bytes.length, StoredObject.sha256Of(bytes), mediaType, StoredObject.requireMetadata(notes));
        var metadata = new HashMap<>(notes);
        metadata.put(SHA256, object.sha256());
        var headers = Map.of("If-None-Match", "*", "Cache-Control", "private, max-age=31536000, immutable");
        return attempted(
                "put " + key,
                () -> calls.putObject(PutObjectArgs.builder()
                                .bucket(bucket)
                                .object(key.value())
                                // Not a stream: the client would copy it, and send what is larger than 5 MiB in parts.
                                .data(bytes, bytes.length)
                                .contentType(mediaType)
                                .checksum(Checksum.Algorithm.CRC32)
                                .headers(headers)
                                .userMetadata(metadata)
                                .build())
                        .thenApply(written -> object)
                        .exceptionallyCompose(failure -> S3Failures.isTaken(unwrapped(failure))
                                ? calls.statObject(stat(key)).thenApply(found -> stored(key, found))
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return attempted(
                "find " + key,
                () -> calls.statObject(stat(key))
                        .thenApply(found -> Optional.of(stored(key, found)))
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return attempted("open " + key, () -> {
            var get = GetObjectArgs.builder().bucket(bucket).object(key.value());
            if (range != null) {
                get.offset(range.first()).length(range.length());
            }
            return streams.getObject(get.build()).thenApply(MinioObjectStore::content);
        });
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        if (validFor.compareTo(SHORTEST_LINK) < 0 || validFor.compareTo(LONGEST_LINK) > 0) {
            throw new IllegalArgumentException("A link can be valid for 1 second to 7 days, not for " + validFor);
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
        return attempted(
                "delete " + key,
                () -> calls.removeObject(remove)
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.allOf()
                                : CompletableFuture.failedFuture(failure)));
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        var page = S3Listing.page(bucket, folder, after, limit);
        return attempted("list " + folder, () -> calls.listObjectsV2(page).thenApply(S3Listing::page));
    }

    @Override
    public CompletableFuture<Void> check() {
        return attempted(
                "use the bucket " + bucket,
                () -> calls.bucketExists(
                                BucketExistsArgs.builder().bucket(bucket).build())
                        .thenCompose(exists -> exists ? CompletableFuture.allOf() : makeBucket()));
    }

    /** Ends running requests. Their futures fail. */
    @Override
    public void close() {
        transport.close();
    }

    private CompletableFuture<Void> makeBucket() {
        return calls.makeBucket(MakeBucketArgs.builder().bucket(bucket).build())
                .thenAccept(made -> {})
                // Several processes start at once: one of them makes it.
                .exceptionallyCompose(failure -> unless(S3Failures.isConflict(unwrapped(failure)), failure));
    }

    private static CompletableFuture<Void> unless(boolean harmless, Throwable failure) {
        return harmless ? CompletableFuture.allOf() : CompletableFuture.failedFuture(failure);
    }

    /** The future that callers get: with our failures only, and never with an answer that nobody will close. */
    private <T> CompletableFuture<T> attempted(String what, Supplier<CompletableFuture<T>> call) {
        var result = new CompletableFuture<T>();
        var unused = AsyncRetry.of(call, S3Failures::isTransient).whenComplete((answer, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failures.failed(what, failure));
            } else if (!result.complete(answer) && answer instanceof ObjectContent unwanted) {
                closeUnwanted(unwanted);
            }
        });
        return result;
    }

    private static void closeUnwanted(ObjectContent content) {
        try {
            content.close();
        } catch (IOException e) {
            log.debug("An answer that came after its caller had left could not be closed", e);
        }
    }

    private StatObjectArgs stat(ObjectKey key) {
        return StatObjectArgs.builder().bucket(bucket).object(key.value()).build();
    }

    private StoredObject stored(ObjectKey key, StatObjectResponse found) {
        var notes = new HashMap<String, String>();
        found.userMetadata().forEach(note -> notes.put(note.getKey().toLowerCase(Locale.ROOT), note.getValue()));
        var sha256 = notes.remove(SHA256);
        if (sha256 == null) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "The object " + key + " in the bucket " + bucket
                            + " was not put there by Atelier: it has no checksum.");
        }
        return new StoredObject(key, found.size(), sha256, found.contentType(), notes);
    }

    private static ObjectContent content(GetObjectResponse answer) {
        var length = answer.headers().get("Content-Length");
        return new ObjectContent(answer, length == null ? 0 : Long.parseLong(length));
    }

    private static MinioAsyncClient client(StorageProperties properties, URI endpoint, OkHttpClient http) {
        return MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                // Otherwise the first call, even the making of a link, asks the server for it.
                .region(properties.region())
                .credentials(properties.accessKey(), properties.secretKey())
                .httpClient(http, false)
                .build();
    }
}
