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
 * Blob store wrapper that syncs each change to disk before it responds: a power cut undoes nothing that was acknowledged. The wrapped
 * store writes a temporary file and renames it, but does not sync.
 *
 * <p>Also lists a page at the cost of that page, not of the whole bucket.
 */
final class DurableBlobStore extends ForwardingBlobStore {

    /** Temporary files of the wrapped store: the key and a random UUID. No key may end like this. */
    private static final Pattern TEMPORARY =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    /** A prefix that is also the relative path of a folder on disk. */
    private static final Pattern FOLDER_PREFIX = Pattern.compile("((?!\\.{1,2}/)[A-Za-z0-9._-]+/)+");

    private static final int MAX_PAGE_SIZE = 1_000;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final Path root;
    private final DirectorySync directorySync;

    DurableBlobStore(BlobStore files, Path root) {
        super(files);
        this.root = root;
        this.directorySync = new DirectorySync(root);
    }

    /**
     * Deletes the temporary files of a killed process, so that no listing contains them. Must be called before the store starts.
     *
     * @return how many files were deleted
     */
    static long sweep(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            var temporary = files.filter(Files::isRegularFile)
                    .filter(file ->
                            TEMPORARY.matcher(file.getFileName().toString()).matches())
                    .toList();
            for (var file : temporary) {
                Files.delete(file);
            }
            return temporary.size();
        }
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        long before = directorySync.removals();
        var response = super.createContainer(request);
        directorySync.sync(root.resolve(request.bucket()), before);
        return response;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        long before = directorySync.removals();
        try {
            var response = super.putBlob(request, payload);
            sync(request.bucket(), request.key(), before);
            return response;
        } catch (AwsServiceException e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                // The loser of a race gets the response that the object exists, so it must be durable even if the
                // winner has not
                // synced it yet.
                sync(request.bucket(), request.key(), before);
            }
            throw e;
        }
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        long before = directorySync.removals();
        var response = super.copyBlob(request);
        sync(request.destinationBucket(), request.destinationKey(), before);
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        long before = directorySync.removals();
        // The parts of the upload are removed.
        var response = directorySync.whileRemoving(() -> super.completeMultipartUpload(upload, request));
        sync(upload.containerName(), upload.blobName(), before);
        return response;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        long before = directorySync.removals();
        // A folder is removed with its last file.
        var response = directorySync.whileRemoving(() -> super.removeBlob(request));
        sync(request.bucket(), request.key(), before);
        return response;
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        directorySync.whileRemoving(() -> {
            super.abortMultipartUpload(upload);
            return upload;
        });
    }

    @Override
    public void deleteBucket(String bucket) {
        directorySync.whileRemoving(() -> {
            super.deleteBucket(bucket);
            return bucket;
        });
    }

    @Override
    public void deleteContainer(String bucket) {
        directorySync.whileRemoving(() -> {
            super.deleteContainer(bucket);
            return bucket;
        });
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        directorySync.whileRemoving(() -> {
            super.clearContainer(request);
            return request;
        });
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        var prefix = request.prefix() == null ? "" : request.prefix();
        var bucket = root.resolve(request.bucket());
        boolean recursive = request.delimiter() == null || request.delimiter().isEmpty();
        if (!recursive || !FOLDER_PREFIX.matcher(prefix).matches() || !Files.isDirectory(bucket)) {
            return super.list(request);
        }
        try {
            return page(request.bucket(), prefix, after(request), limit(request));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not list " + prefix, e);
        }
    }

    /** Lists the first keys. A truncated page is never empty, because some clients continue from its last key. */
    private ListObjectsV2Response page(String bucket, String folder, String after, int limit) throws IOException {
        var reader = new KeyPageReader(
                after, limit + 1, name -> !TEMPORARY.matcher(name).matches());
        var keys = reader.read(root.resolve(bucket).resolve(folder), folder);
        boolean truncated = limit > 0 && keys.size() > limit;
        var shown = keys.subList(0, Math.min(limit, keys.size()));
        var objects =
                shown.stream().flatMap(key -> object(bucket, key).stream()).toList();
        if (truncated && objects.isEmpty()) {
            return page(bucket, folder, shown.get(limit - 1), limit);
        }
        return ListObjectsV2Response.builder()
                .contents(objects)
                .isTruncated(truncated)
                .nextContinuationToken(truncated ? shown.get(limit - 1) : null)
                .build();
    }

    private static int limit(ListObjectsV2Request request) {
        return request.maxKeys() == null ? MAX_PAGE_SIZE : request.maxKeys();
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
                // Deleted after its folder was read.
                return Optional.empty();
            }
            throw e;
        }
    }

    private void sync(String bucket, String key, long before) {
        directorySync.sync(root.resolve(bucket).resolve(key).normalize(), before);
    }
}
