package io.atelier.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 server in this JVM over a folder. What it acknowledged survives {@link #close}, a killed process and a power cut. It listens on
 * 127.0.0.1 only, without TLS, and checks signatures (AWS version 4) against one pair of keys. Thread-safe.
 */
public final class EmbeddedObjectStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedObjectStore.class);

    private static final int THREADS = 64;
    private static final long LARGEST_SINGLE_PUT = 64L << 20;
    private static final long STOP_MILLIS = 2_000;

    private final LockedFolder folder;
    private final S3Proxy server;
    private final URI endpoint;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedObjectStore(LockedFolder folder, S3Proxy server) {
        this.folder = folder;
        this.server = server;
        this.endpoint = URI.create("http://" + Loopback.HOST + ":" + server.getPort());
    }

    /**
     * Starts a server and returns when it serves clients, in about a second.
     *
     * @param dataDirectory where its objects lie, one file each, below {@code buckets}; made when it is new. Its file system must keep
     *     extended attributes
     * @param port 1 to 65535, or 0 for any free one
     * @throws EmbeddedServerFailed if the folder or the port is in use by another, or the folder cannot hold objects
     */
    public static EmbeddedObjectStore start(Path dataDirectory, int port, String accessKey, String secretKey) {
        if (port != 0 && !Loopback.isFree(port)) {
            throw Loopback.taken(port);
        }
        var folder = LockedFolder.claim(dataDirectory);
        try {
            var server = server(objects(folder), port, accessKey, secretKey);
            return new EmbeddedObjectStore(folder, started(server, port));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** Where S3 clients find it; the region is {@code us-east-1}, and buckets are part of the path. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * Lets running requests end, two seconds at most, stops the server and frees its folder. Does nothing the second time.
     *
     * @throws EmbeddedServerFailed if the server cannot be stopped
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.stop();
        } catch (TimeoutException e) {
            // It has stopped all the same.
            log.debug("Requests or connections were broken off after {} ms", STOP_MILLIS);
        } catch (Exception e) {
            throw new EmbeddedServerFailed("The embedded object store did not stop in good order: " + e, e);
        } finally {
            folder.close();
        }
    }

    private static Path objects(LockedFolder folder) {
        var buckets = folder.path().resolve("buckets");
        try {
            Files.createDirectories(buckets);
            FileAttributes.require(folder.path());
            long swept = DurableBlobStore.sweep(buckets);
            if (swept > 0) {
                log.info("Deleted {} unfinished objects that an earlier process left in {}", swept, buckets);
            }
            return buckets;
        } catch (IOException e) {
            throw new EmbeddedServerFailed("The folder " + buckets + " cannot be used: " + e, e);
        }
    }

    private static S3Proxy server(Path buckets, int port, String accessKey, String secretKey) {
        return S3Proxy.builder()
                .blobStore(new DurableBlobStore(new FilesystemNio2BlobStore(buckets.toString()), buckets))
                .endpoint(URI.create("http://" + Loopback.HOST + ":" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .ignoreUnknownHeaders(true)
                .jettyMaxThreads(THREADS)
                .v4MaxNonChunkedRequestSize(LARGEST_SINGLE_PUT)
                .stopTimeout(STOP_MILLIS)
                .build();
    }

    private static S3Proxy started(S3Proxy server, int port) {
        try {
            server.start();
            return server;
        } catch (Exception e) {
            stopQuietly(server, e);
            if (port != 0 && !Loopback.isFree(port)) {
                throw Loopback.taken(port);
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
