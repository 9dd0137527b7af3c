package io.atelier.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectStorageClass;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store of files that answers only when the disk has them, or has them no more: a power cut takes back nothing that was acknowledged.
 * The store it wraps writes a file beside its place and renames it, but never asks the disk to keep it.
 *
 * <p>It also lists a page at the cost of that page, not of the whole bucket.
 */
final class DurableBlobStore extends ForwardingBlobStore {

    /** What the wrapped store calls a file while it writes it: the key, and a random UUID. No key may end so. */
    private static final Pattern UNFINISHED =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    /** A folder whose path on the disk is its name in the bucket. */
    private static final Pattern PLAIN_FOLDER = Pattern.compile("((?!\\.{1,2}/)[A-Za-z0-9._-]+/)+");

    private static final int LARGEST_PAGE = 1_000;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final Path root;
    private final DurableFolders folders;

    DurableBlobStore(BlobStore files, Path root) {
        super(files);
        this.root = root;
        this.folders = new DurableFolders(root);
    }

    /**
     * Deletes what a killed process left half written, so that no listing shows it. To be called before the store starts.
     *
     * @return how many files were deleted
     */
    static long sweep(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            var unfinished = files.filter(Files::isRegularFile)
                    .filter(file ->
                            UNFINISHED.matcher(file.getFileName().toString()).matches())
                    .toList();
            for (var file : unfinished) {
                Files.delete(file);
            }
            return unfinished.size();
        }
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        long before = folders.removals();
        var response = super.createContainer(request);
        folders.sync(root.resolve(request.bucket()), before);
        return response;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        long before = folders.removals();
        try {
            var response = super.putBlob(request, payload);
            sync(request.bucket(), request.key(), before);
            return response;
        } catch (AwsServiceException e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                // The loser of a race hears "it is there": then it must be there to stay, even if the winner has not
                // synced it yet.
                sync(request.bucket(), request.key(), before);
            }
            throw e;
        }
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        long before = folders.removals();
        var response = super.copyBlob(request);
        sync(request.destinationBucket(), request.destinationKey(), before);
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        long before = folders.removals();
        // Its parts are removed.
        var response = folders.removing(() -> super.completeMultipartUpload(upload, request));
        sync(upload.containerName(), upload.blobName(), before);
        return response;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        long before = folders.removals();
        // A folder goes with its last file.
        var response = folders.removing(() -> super.removeBlob(request));
        sync(request.bucket(), request.key(), before);
        return response;
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        folders.removing(() -> {
            super.abortMultipartUpload(upload);
            return upload;
        });
    }

    @Override
    public void deleteBucket(String bucket) {
        folders.removing(() -> {
            super.deleteBucket(bucket);
            return bucket;
        });
    }

    @Override
    public void deleteContainer(String bucket) {
        folders.removing(() -> {
            super.deleteContainer(bucket);
            return bucket;
        });
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        folders.removing(() -> {
            super.clearContainer(request);
            return request;
        });
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        var prefix = request.prefix() == null ? "" : request.prefix();
        var bucket = root.resolve(request.bucket());
        boolean whole = request.delimiter() == null || request.delimiter().isEmpty();
        if (!whole || !PLAIN_FOLDER.matcher(prefix).matches() || !Files.isDirectory(bucket)) {
            return super.list(request);
        }
        try {
            return page(request.bucket(), prefix, after(request), limit(request));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not list " + prefix, e);
        }
    }

    /** Answers with the first keys, and says whether there are more. Never says so without one: some clients go on from the last key. */
    private ListObjectsV2Response page(String bucket, String folder, String after, int limit) throws IOException {
        var walk = new KeyListing(
                after, limit + 1, name -> !UNFINISHED.matcher(name).matches());
        var keys = walk.keys(root.resolve(bucket).resolve(folder), folder);
        boolean more = limit > 0 && keys.size() > limit;
        var shown = keys.subList(0, Math.min(limit, keys.size()));
        var objects =
                shown.stream().flatMap(key -> object(bucket, key).stream()).toList();
        if (more && objects.isEmpty()) {
            return page(bucket, folder, shown.get(limit - 1), limit);
        }
        return ListObjectsV2Response.builder()
                .contents(objects)
                .isTruncated(more)
                .nextContinuationToken(more ? shown.get(limit - 1) : null)
                .build();
    }

    private static int limit(ListObjectsV2Request request) {
        return request.maxKeys() == null ? LARGEST_PAGE : request.maxKeys();
    }

    private static String after(ListObjectsV2Request request) {
        var after = request.continuationToken() == null ? request.startAfter() : request.continuationToken();
        return after == null ? "" : after;
    }

    private Optional<S3Object> object(String bucket, String key) {
        try {
            var head = blobMetadata(
                    HeadObjectRequest.builder().bucket(bucket).key(key).build());
            return Optional.of(S3Object.builder()
                    .key(key)
                    .size(head.contentLength())
                    .eTag(head.eTag())
                    .lastModified(head.lastModified())
                    .storageClass(ObjectStorageClass.STANDARD)
                    .build());
        } catch (AwsServiceException e) {
            if (e.statusCode() == NOT_FOUND) {
                // Deleted since its folder was read.
                return Optional.empty();
            }
            throw e;
        }
    }

    private void sync(String bucket, String key, long before) {
        folders.sync(root.resolve(bucket).resolve(key).normalize(), before);
    }
}
