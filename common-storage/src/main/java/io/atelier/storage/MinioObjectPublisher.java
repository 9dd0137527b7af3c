package io.atelier.storage;

import static io.atelier.storage.http.AsyncRetry.unwrapped;

import io.atelier.contract.image.Publication;
import io.atelier.storage.http.HttpTransport;
import io.minio.CopyObjectArgs;
import io.minio.Directive;
import io.minio.MinioAsyncClient;
import io.minio.SourceObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ObjectPublisher} in a bucket of the S3 server of the object store. Connects with its first call, because most processes publish
 * nothing.
 */
final class MinioObjectPublisher implements ObjectPublisher, AutoCloseable {

    private final StorageProperties storage;
    private final AvatarStorageProperties settings;
    private final @Nullable ObjectStore ownBucket;
    private final S3Failures failures;

    private @Nullable Connection connection;

    /** @param ownBucket the bucket of the copies if its server runs in this JVM: it is prepared without a connection. Null if it runs elsewhere */
    MinioObjectPublisher(StorageProperties storage, AvatarStorageProperties settings, @Nullable ObjectStore ownBucket) {
        this.storage = storage;
        this.settings = settings;
        this.ownBucket = ownBucket;
        this.failures = new S3Failures(storage.endpoint().toString());
    }

    @Override
    public String bucket() {
        return settings.bucket();
    }

    @Override
    public CompletableFuture<StoredObject> publish(ObjectKey from, ObjectKey to, Map<String, String> metadata) {
        var checked = StoredObject.requireMetadata(metadata);
        var connected = connection();
        return connected.calls.withRetries(
                "publish " + from,
                () -> connected
                        .calls
                        .head(storage.bucket(), from)
                        .thenApply(found -> S3Calls.stored(storage.bucket(), from, found))
                        .thenCompose(source -> copied(connected, source, source.copiedTo(to, checked))),
                (operation, cause) -> failures.notPublished(operation, bucket(), cause));
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(Publication copy) {
        var key = new ObjectKey(copy.key());
        return connection()
                .calls
                .find(
                        copy.bucket(),
                        key,
                        found -> StoredObject.isDescribed(S3Calls.attributes(found))
                                ? Optional.of(S3Calls.stored(copy.bucket(), key, found))
                                : Optional.empty());
    }

    @Override
    public CompletableFuture<Void> remove(Publication copy) {
        return connection().calls.delete(copy.bucket(), new ObjectKey(copy.key()));
    }

    @Override
    public CompletableFuture<Void> prepare() {
        if (ownBucket != null && settings.createBucket()) {
            return ownBucket.prepare();
        }
        var calls = connection().calls;
        return calls.withBucket(
                bucket(),
                () -> settings.createBucket()
                        ? calls.createBucket(bucket())
                        : CompletableFuture.failedFuture(ObjectStoreFailed.missingPublicBucket(bucket())));
    }

    /** Cancels running requests; their futures fail. */
    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.transport.close();
        }
    }

    private CompletableFuture<StoredObject> copied(Connection connected, StoredObject source, StoredObject copy) {
        return copy(connected, source, copy)
                .exceptionallyCompose(failure -> settings.createBucket()
                                && S3Failures.isMissingBucket(unwrapped(failure))
                        ? connected.calls.createBucket(bucket()).thenCompose(created -> copy(connected, source, copy))
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<StoredObject> copy(Connection connected, StoredObject source, StoredObject copy) {
        var from = SourceObject.builder()
                .bucket(storage.bucket())
                .object(source.key().value())
                .build();
        return connected
                .client
                .copyObject(CopyObjectArgs.builder()
                        .bucket(bucket())
                        .object(copy.key().value())
                        .source(from)
                        // Else the copy would have the headers of an object that is never overwritten.
                        .metadataDirective(Directive.REPLACE)
                        .headers(Map.of("Content-Type", copy.mediaType(), "Cache-Control", CACHE_CONTROL))
                        .userMetadata(copy.attributes())
                        .build())
                .thenApply(written -> copy);
    }

    private synchronized Connection connection() {
        if (connection == null) {
            connection = new Connection(storage, failures);
        }
        return connection;
    }

    /** The connections of this publisher and the client that uses them. */
    private static final class Connection {

        private final HttpTransport transport;
        private final MinioAsyncClient client;
        private final S3Calls calls;

        Connection(StorageProperties storage, S3Failures failures) {
            this.transport = MinioObjectStore.transport(storage);
            this.client = MinioObjectStore.client(storage, storage.endpoint(), transport.calls());
            this.calls = new S3Calls(client, failures);
        }
    }
}
