package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.Publication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of {@link MinioObjectPublisher} with a real S3 server: headers, buckets, credentials. */
abstract class S3ObjectPublisherContract extends ObjectPublisherContract {

    private final String bucket = newBucket();
    private final String publicBucket = newBucket();
    private final HttpClient browser = HttpClient.newHttpClient();

    private MinioObjectStore store;
    private MinioObjectPublisher publisher;

    /** A running server, the same for all tests of the class. */
    abstract S3Server server();

    @BeforeEach
    void connect() {
        store = server().store(bucket);
        store.prepare().join();
        publisher = server().publisher(bucket, publicBucket, true);
    }

    @AfterEach
    void close() {
        publisher.close();
        store.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected ObjectPublisher publisher() {
        return publisher;
    }

    @Test
    void aCopyIsServedWithItsTypeAndMustNotBeCachedForEver() throws Exception {
        var from = put("an image", Map.of("seed", "42"));
        publisher.publish(from, copyKey(), Map.of(ObjectPublisher.JOB, "gen_1")).join();

        var response = read(publicBucket, copyKey());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("an image".getBytes(StandardCharsets.UTF_8));
        assertThat(response.headers().firstValue("Content-Type")).contains(PNG);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(response.headers().firstValue("x-amz-meta-job")).contains("gen_1");
        assertThat(response.headers().firstValue("x-amz-meta-seed")).isEmpty();
    }

    @Test
    void anOverwrittenCopyHasTheLaterBytes() throws Exception {
        publisher.publish(put("first", Map.of()), copyKey(), Map.of()).join();
        publisher.publish(put("the second", Map.of()), copyKey(), Map.of()).join();

        assertThat(read(publicBucket, copyKey()).body()).isEqualTo("the second".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void publishesInTheBucketOfTheStore() {
        try (var same = server().publisher(bucket, bucket, false)) {
            var copy =
                    same.publish(put("an image", Map.of()), copyKey(), Map.of()).join();

            assertThat(store.find(copyKey()).join()).contains(copy);
        }
    }

    @Test
    void findsAndRemovesCopiesOfAnotherBucket() {
        publisher.publish(put("an image", Map.of()), copyKey(), Map.of()).join();
        try (var elsewhere = server().publisher(bucket, newBucket(), true)) {
            assertThat(elsewhere.find(publication()).join()).isPresent();

            elsewhere.remove(publication()).join();

            assertThat(publisher.find(publication()).join()).isEmpty();
        }
    }

    @Test
    void takesNoObjectOfAnotherProgramForACopy() throws Exception {
        publisher.prepare().join();
        server().putPlain(publicBucket, copyKey(), "not of Atelier");

        assertThat(publisher.find(publication()).join()).isEmpty();
    }

    @Test
    void namesAMissingBucketThatMustNotBeCreated() {
        var missing = newBucket();
        try (var careful = server().publisher(bucket, missing, false)) {
            var publish = careful.publish(put("an image", Map.of()), copyKey(), Map.of());

            for (var call : List.of(publish, careful.prepare())) {
                ObjectStoreContract.failsWith(ObjectStoreFailed.Kind.REFUSED, call::join);
                assertThatThrownBy(call::join).hasMessageContaining("S3 bucket '" + missing + "' does not exist");
            }
            assertThat(careful.find(new Publication(missing, copyKey().value())).join())
                    .isEmpty();
        }
    }

    @Test
    void namesAKeyPairThatMayNotPublish() {
        var from = put("an image", Map.of());
        try (var rejected = new S3Server(server().endpoint(), server().accessKey(), "a wrong secret")
                .publisher(bucket, publicBucket, true)) {
            var publish = rejected.publish(from, copyKey(), Map.of());

            ObjectStoreContract.failsWith(ObjectStoreFailed.Kind.REFUSED, publish::join);
            assertThatThrownBy(publish::join).hasMessageContaining("S3 access denied");
        }
    }

    private HttpResponse<byte[]> read(String from, ObjectKey key) throws IOException, InterruptedException {
        try (var reader = server().store(from)) {
            URI link = reader.link(key, Duration.ofMinutes(10), "inline");
            return browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray());
        }
    }

    private static String newBucket() {
        return "contract-" + UUID.randomUUID();
    }
}
