package io.atelier.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 server in this JVM that stores objects in a folder. Acknowledged changes survive {@link #close}, a killed process and a power cut.
 * It listens on 127.0.0.1 only, without TLS, and checks signatures (AWS version 4) against one key pair. A connection is closed if nothing
 * arrives on it for 30 seconds, or if a request takes longer than two minutes to arrive. Thread-safe.
 */
public final class EmbeddedObjectStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedObjectStore.class);

    private static final int THREADS = 64;
    private static final long LARGEST_SINGLE_PUT = 64L << 20;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** For the head and the body of a request together. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

    private final FolderLock lock;
    private final DurableBlobStore blobs;
    private final S3Proxy server;
    private final URI endpoint;
    private final RunningCalls calls = new RunningCalls();
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedObjectStore(FolderLock lock, DurableBlobStore blobs, S3Proxy server) {
        this.lock = lock;
        this.blobs = blobs;
        this.server = server;
        this.endpoint = URI.create("http://" + LoopbackPorts.HOST + ":" + server.getPort());
    }

    /**
     * Starts a server and returns when it serves clients, in about a second.
     *
     * @param dataDirectory the folder for its objects, one file each, below {@code buckets}; created if it is missing. Its file system must
     *     support extended attributes
     * @param port 1 to 65535, or 0 for any free port
     * @throws EmbeddedServerFailed if the folder or the port is in use, or the folder cannot store objects
     */
    public static EmbeddedObjectStore start(Path dataDirectory, int port, String accessKey, String secretKey) {
        return start(dataDirectory, port, accessKey, secretKey, REQUEST_TIMEOUT);
    }

    /** Like the other, with another limit than two minutes for a request to arrive. */
    static EmbeddedObjectStore start(
            Path dataDirectory, int port, String accessKey, String secretKey, Duration requestTimeout) {
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw LoopbackPorts.taken(port);
        }
        var lock = FolderLock.acquire(dataDirectory);
        try {
            var blobs = blobs(objects(lock));
            var server = server(blobs, port, accessKey, secretKey);
            RequestTimeLimit.set(server, requestTimeout);
            return new EmbeddedObjectStore(lock, blobs, started(server, port));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The endpoint for S3 clients, with path-style access and the region {@code us-east-1}. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * A bucket for code in this JVM, which needs no keys.
     *
     * @throws EmbeddedBucketFailed if this is not the name of a bucket
     */
    public EmbeddedBucket bucket(String name) {
        return new EmbeddedBucket(name, blobs, calls);
    }

    /**
     * Waits up to two seconds for running requests and as long for running calls of buckets, stops the server and releases its folder. A second call does nothing.
     *
     * @throws EmbeddedServerFailed if the server cannot be stopped
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!calls.end(STOP_TIMEOUT)) {
                log.warn(
                        "Calls still run after {} s, although the embedded object store stops",
                        STOP_TIMEOUT.toSeconds());
            }
            server.stop();
        } catch (TimeoutException e) {
            // The server has stopped in this case as well.
            log.debug("Aborted running requests after {} s", STOP_TIMEOUT.toSeconds());
        } catch (Exception e) {
            throw new EmbeddedServerFailed("The embedded object store did not stop cleanly: " + e, e);
        } finally {
            lock.close();
        }
    }

    private static Path objects(FolderLock lock) {
        var buckets = lock.path().resolve("buckets");
        try {
            Files.createDirectories(buckets);
            ExtendedAttributes.require(lock.path());
            long deleted = DurableBlobStore.sweep(buckets);
            if (deleted > 0) {
                log.info("Deleted {} temporary files of an earlier process in {}", deleted, buckets);
            }
            return buckets;
        } catch (IOException e) {
            throw new EmbeddedServerFailed("The folder " + buckets + " cannot be used: " + e, e);
        }
    }

    private static DurableBlobStore blobs(Path buckets) {
        return new DurableBlobStore(new FilesystemNio2BlobStore(buckets.toString()), buckets);
    }

    private static S3Proxy server(DurableBlobStore blobs, int port, String accessKey, String secretKey) {
        return S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://" + LoopbackPorts.HOST + ":" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .ignoreUnknownHeaders(true)
                .jettyMaxThreads(THREADS)
                .v4MaxNonChunkedRequestSize(LARGEST_SINGLE_PUT)
                .stopTimeout(STOP_TIMEOUT.toMillis())
                .build();
    }

    private static S3Proxy started(S3Proxy server, int port) {
        try {
            server.start();
            return server;
        } catch (Exception e) {
            stopQuietly(server, e);
            if (port != 0 && !LoopbackPorts.isFree(port)) {
                throw LoopbackPorts.taken(port);
            }
            throw new EmbeddedServerFailed("The embedded object store did not start: " + e, e);
        }
    }

    private static void stopQuietly(S3Proxy server, Exception reason) {
        try {
            server.stop();
        } catch (Exception e) {
            reason.addSuppressed(e);
        }
    }
}
