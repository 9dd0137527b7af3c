package io.atelier.storage;

import io.atelier.storage.http.HttpTransport;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectArgs;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An S3 server for tests. */
record S3Server(URI endpoint, String accessKey, String secretKey) {

    /** A store in a bucket of this server, with short timeouts. */
    MinioObjectStore store(String bucket) {
        return new MinioObjectStore(properties(bucket, null));
    }

    /** A store whose links contain another host. */
    MinioObjectStore store(String bucket, URI publicEndpoint) {
        return new MinioObjectStore(properties(bucket, publicEndpoint));
    }

    /** A store with a transport whose connections the test can count. */
    MinioObjectStore store(String bucket, HttpTransport transport) {
        return new MinioObjectStore(properties(bucket, null), transport);
    }

    /** A store that trusts the certificates of a file. */
    MinioObjectStore storeWithCertificates(String bucket, String certificates) {
        return new MinioObjectStore(properties(bucket, null, certificates));
    }

    /** Stores an object as other programs do, without metadata. */
    void putPlain(String bucket, ObjectKey key, String content) throws Exception {
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        try (var client = MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                .region("us-east-1")
                .credentials(accessKey, secretKey)
                .build()) {
            client.putObject(PutObjectArgs.builder()
                            .bucket(bucket)
                            .object(key.value())
                            .data(bytes, bytes.length)
                            .build())
                    .join();
        }
    }

    /** A publisher of copies of a store's objects. */
    MinioObjectPublisher publisher(String bucket, String publicBucket, boolean createBucket) {
        return new MinioObjectPublisher(
                properties(bucket, null),
                new AvatarStorageProperties(publicBucket, KeyTemplate.DEFAULT, createBucket),
                null);
    }

    private StorageProperties properties(String bucket, @Nullable URI publicEndpoint) {
        return properties(bucket, publicEndpoint, "");
    }

    private StorageProperties properties(String bucket, @Nullable URI publicEndpoint, String certificates) {
        return new StorageProperties(
                endpoint,
                publicEndpoint,
                certificates,
                "us-east-1",
                accessKey,
                secretKey,
                bucket,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60));
    }
}
