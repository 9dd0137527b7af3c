package io.atelier.storage;

import static io.atelier.storage.http.AsyncRetry.unwrapped;

import io.atelier.storage.http.AsyncRetry;
import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls of an S3 client that are the same for every bucket. Transient failures are retried twice within a second. Thread-safe. */
final class S3Calls {

    private final MinioAsyncClient client;
    private final S3Failures failures;

    S3Calls(MinioAsyncClient client, S3Failures failures) {
        this.client = client;
        this.failures = failures;
    }

    /** The headers of an object, without retries. Fails if the key does not exist. */
    CompletableFuture<StatObjectResponse> head(String bucket, ObjectKey key) {
        return client.statObject(
                StatObjectArgs.builder().bucket(bucket).object(key.value()).build());
    }

    /**
     * The description of an object; empty if the key does not exist.
     *
     * @param reading reads the description; empty if the object is none that the caller looks for
     */
    CompletableFuture<Optional<StoredObject>> find(
            String bucket, ObjectKey key, Function<StatObjectResponse, Optional<StoredObject>> reading) {
        return withRetries(
                "find " + key,
                () -> head(bucket, key)
                        .thenApply(reading)
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : CompletableFuture.failedFuture(failure)));
    }

    /** Deletes an object; succeeds if the key does not exist. */
    CompletableFuture<Void> delete(String bucket, ObjectKey key) {
        var remove =
                RemoveObjectArgs.builder().bucket(bucket).object(key.value()).build();
        return withRetries(
                "delete " + key,
                () -> client.removeObject(remove)
                        .exceptionallyCompose(failure -> S3Failures.isNotFound(unwrapped(failure))
                                ? CompletableFuture.allOf()
                                : CompletableFuture.failedFuture(failure)));
    }

    /** Succeeds if the bucket exists, else does something else. */
    CompletableFuture<Void> withBucket(String bucket, Supplier<CompletableFuture<Void>> otherwise) {
        var exists = BucketExistsArgs.builder().bucket(bucket).build();
        return withRetries(
                "use the bucket " + bucket,
                () -> client.bucketExists(exists)
                        .thenCompose(found -> found ? CompletableFuture.allOf() : otherwise.get()));
    }

    /** Creates a bucket, without retries; succeeds if another process creates it at the same time. */
    CompletableFuture<Void> createBucket(String bucket) {
        return client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build())
                .thenAccept(created -> {})
                .exceptionallyCompose(failure -> S3Failures.isConflict(unwrapped(failure))
                        ? CompletableFuture.allOf()
                        : CompletableFuture.failedFuture(failure));
    }

    /** Makes a call with retries. The returned future fails with {@link ObjectStoreFailed} only. If it was cancelled, a late result is closed. */
    <T> CompletableFuture<T> withRetries(String operation, Supplier<CompletableFuture<T>> call) {
        return withRetries(operation, call, failures::failed);
    }

    /** Like the other, with another translation of failures: from the operation and its cause. */
    <T> CompletableFuture<T> withRetries(
            String operation,
            Supplier<CompletableFuture<T>> call,
            BiFunction<String, Throwable, ObjectStoreFailed> translation) {
        var result = new CompletableFuture<T>();
        var unused = AsyncRetry.of(call, S3Failures::isTransient).whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(translation.apply(operation, failure));
            } else if (!result.complete(response) && response instanceof ObjectContent content) {
                content.discard();
            }
        });
        return result;
    }

    /** All that is stored beside the bytes, see {@link StoredObject#attributes}. */
    static Map<String, String> attributes(StatObjectResponse found) {
        var attributes = new HashMap<String, String>();
        found.userMetadata()
                .forEach(entry -> attributes.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
        return attributes;
    }

    /** The description of an object of Atelier. */
    static StoredObject stored(String bucket, ObjectKey key, StatObjectResponse found) {
        return StoredObject.found(key, found.size(), found.contentType(), attributes(found), bucket);
    }
}
