package io.atelier.embedded;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket of an {@link EmbeddedObjectStore} for code in the same JVM: the files that the server serves, without requests to it. What is stored
 * here is exactly what an S3 client would have stored, and as durable. Each method blocks for the disk and fails with
 * {@link EmbeddedBucketFailed} only. Thread-safe.
 */
public final class EmbeddedBucket {

    /** The names that S3 clients accept. */
    private static final Pattern NAME =
            Pattern.compile("(?!\\d+(\\.\\d+){3}$)(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private static final String ANY = "*";
    private static final int PRECONDITION_FAILED = 412;

    /** More than deletions in one folder can disturb one call. */
    private static final int MAX_ATTEMPTS = 20;

    private final String name;
    private final BlobStore blobs;
    private final RunningCalls calls;

    EmbeddedBucket(String name, BlobStore blobs, RunningCalls calls) {
        if (!NAME.matcher(name).matches()) {
            throw new EmbeddedBucketFailed(
                    EmbeddedBucketFailed.Kind.REFUSED,
                    "'" + name + "' is not the name of a bucket, which has 3 to 63 characters of a-z 0-9 . -,"
                            + " begins and ends with a letter or digit, and is no IP address");
        }
        this.name = name;
        this.blobs = blobs;
        this.calls = calls;
    }

    /** What is stored beside the bytes of an object, as an S3 client sends it. */
    public record Headers(String mediaType, @Nullable String cacheControl, Map<String, String> userMetadata) {
        public Headers {
            userMetadata = Map.copyOf(userMetadata);
        }
    }

    /** A stored object. */
    public record Found(String key, long bytes, Headers headers) {}

    /**
     * The bytes of an opened object or range.
     *
     * @param stream must be closed
     * @param length number of bytes in the stream
     */
    public record Opened(InputStream stream, long length) {}

    /** An object in a listing. */
    public record Listed(String key, long bytes, Instant lastModified) {}

    /**
     * A page of a listing, in the order of the keys.
     *
     * @param isLast whether no page follows
     */
    public record Page(List<Listed> objects, boolean isLast) {
        public Page {
            objects = List.copyOf(objects);
        }
    }

    public boolean exists() {
        return calls.run(() -> blobs.containerExists(name));
    }

    /** Creates the bucket unless it exists. */
    public void create() {
        calls.run(() -> {
            try {
                return blobs.createContainer(
                        CreateBucketRequest.builder().bucket(name).build());
            } catch (BucketAlreadyOwnedByYouException e) {
                // Another caller may have created it at the same time.
                return name;
            }
        });
    }

    /**
     * Stores an object unless the key exists; the first writer wins, also among S3 clients. What is stored under the key then is durable and
     * readable when this returns.
     *
     * @return whether this call stored it
     */
    public boolean put(String key, byte[] bytes, Headers headers) {
        var request = PutObjectRequest.builder()
                .bucket(name)
                .key(key)
                .contentLength((long) bytes.length)
                .contentType(headers.mediaType())
                .cacheControl(headers.cacheControl())
                .metadata(StoredChecksum.added(headers.userMetadata(), bytes))
                .ifNoneMatch(ANY)
                .build();
        return calls.run(() -> {
            for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
                try {
                    return put(request, bytes);
                } catch (RuntimeException e) {
                    if (!(e.getCause() instanceof NoSuchFileException)) {
                        throw e;
                    }
                    // The folder was deleted with its last object after it was found, before the file was created.
                }
            }
            return put(request, bytes);
        });
    }

    /** The description of an object; empty if the key does not exist. */
    public Optional<Found> find(String key) {
        try {
            var head = calls.run(() -> blobs.blobMetadata(
                    HeadObjectRequest.builder().bucket(name).key(key).build()));
            var headers = new Headers(head.contentType(), head.cacheControl(), StoredChecksum.removed(head.metadata()));
            return Optional.of(new Found(key, head.contentLength(), headers));
        } catch (EmbeddedBucketFailed e) {
            if (e.kind() == EmbeddedBucketFailed.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Opens a whole object. */
    public Opened open(String key) {
        return open(GetObjectRequest.builder().bucket(name).key(key).build());
    }

    /** Opens the bytes from {@code first} to {@code last}, both inclusive, from 0; fewer if the object ends before. */
    public Opened open(String key, long first, long last) {
        return open(GetObjectRequest.builder()
                .bucket(name)
                .key(key)
                .range("bytes=" + first + "-" + last)
                .build());
    }

    /** Deletes an object, which is permanently gone when this returns; does nothing if the key does not exist. */
    public void delete(String key) {
        calls.run(() -> {
            // The store would take it for a deleted object, and an erasure for done.
            if (!blobs.containerExists(name)) {
                throw S3Exceptions.noSuchBucket(name, "deletes nothing");
            }
            return blobs.removeBlob(
                    DeleteObjectRequest.builder().bucket(name).key(key).build());
        });
    }

    /**
     * Lists the objects in a folder and in those below it.
     *
     * @param folder ends with a slash
     * @param after the key before the page; null for the first page
     * @param limit largest number of objects in the page, at least 1
     */
    public Page list(String folder, @Nullable String after, int limit) {
        var request = ListObjectsV2Request.builder()
                .bucket(name)
                .prefix(folder)
                .startAfter(after)
                .maxKeys(limit)
                .build();
        return calls.run(() -> {
            var page = blobs.list(request);
            var objects = page.contents().stream()
                    .map(object -> new Listed(object.key(), object.size(), object.lastModified()))
                    .toList();
            return new Page(objects, page.nextContinuationToken() == null);
        });
    }

    private Opened open(GetObjectRequest request) {
        return calls.run(() -> {
            var stream = blobs.getBlob(request);
            return new Opened(stream, stream.response().contentLength());
        });
    }

    private boolean put(PutObjectRequest request, byte[] bytes) {
        try {
            blobs.putBlob(request, new ByteArrayInputStream(bytes));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return false;
            }
            throw e;
        }
    }
}
