package io.atelier.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Creates the object store of an application whose S3 server runs in the same JVM. Without a bean of this type, the application uses an S3
 * client.
 */
@FunctionalInterface
public interface ObjectStoreFactory {

    /**
     * The store of a bucket; empty if the server runs elsewhere. Called while the application is created, possibly before its server runs.
     *
     * @param server the address of the S3 server
     * @param bucket name of the bucket
     * @param callTimeout limit of each call; reading an opened object is not limited
     * @param links creates links for S3 clients
     */
    Optional<ObjectStore> create(URI server, String bucket, Duration callTimeout, ObjectLinks links);
}
