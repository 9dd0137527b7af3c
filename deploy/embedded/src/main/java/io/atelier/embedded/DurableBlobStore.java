package io.atelier.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * A store of files that answers only when the disk has them: a power cut takes back nothing that was acknowledged. The store it wraps
 * writes a file beside its place and renames it, but never asks the disk to keep it.
 */
final class DurableBlobStore extends ForwardingBlobStore {

    /** What the wrapped store calls a file while it writes it: the key, and a random UUID. No key may end so. */
    private static final Pattern UNFINISHED =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private static final int PRECONDITION_FAILED = 412;

    /** Windows cannot open a folder to sync it, and keeps its entries in a journal of its own. */
    private static final boolean FOLDERS_CAN_BE_SYNCED =
            !System.getProperty("os.name", "").startsWith("Windows");

    private final Path root;

    DurableBlobStore(BlobStore files, Path root) {
        super(files);
        this.root = root;
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
        var response = super.createContainer(request);
        sync(root.resolve(request.bucket()));
        return response;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        try {
            var response = super.putBlob(request, payload);
            sync(request.bucket(), request.key());
            return response;
        } catch (AwsServiceException e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                // The loser of a race hears "it is there": then it must be there to stay, even if the winner has not
                // synced it yet.
                sync(request.bucket(), request.key());
            }
            throw e;
        }
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        var response = super.copyBlob(request);
        sync(request.destinationBucket(), request.destinationKey());
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        var response = super.completeMultipartUpload(upload, request);
        sync(upload.containerName(), upload.blobName());
        return response;
    }

    private void sync(String bucket, String key) {
        var file = root.resolve(bucket).resolve(key).normalize();
        if (Files.exists(file)) {
            sync(file);
        }
    }

    /** Syncs a file or folder, then every folder above it: any of them may be new, and to sync one that is not costs nothing. */
    private void sync(Path path) {
        try {
            for (Path at = path; at != null && at.startsWith(root); at = at.getParent()) {
                force(at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not sync " + path, e);
        }
    }

    private static void force(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        if (folder && !FOLDERS_CAN_BE_SYNCED) {
            return;
        }
        // Windows wants write access to sync a file; a folder can be opened for reading only.
        try (var channel = FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
