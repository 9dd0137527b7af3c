package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.storage.http.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of {@link MinioObjectStore} with a real S3 server: links, credentials, buckets. */
abstract class S3ObjectStoreContract extends ObjectStoreContract {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final String INLINE = "inline; filename=\"snowman 1.png\"";

    private final String bucket = newBucket();
    private final HttpClient browser = HttpClient.newHttpClient();

    private MinioObjectStore store;

    /** A running server, the same for all tests of the class. */
    abstract S3Server server();

    @BeforeEach
    void createBucket() {
        store = server().store(bucket);
        store.prepare().join();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void aLinkNeedsNoCredentials() throws Exception {
        var key = put(bytes("an image"));

        var response = get(store.link(key, TEN_MINUTES, INLINE));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(bytes("an image"));
        assertThat(response.headers().firstValue("Content-Type")).contains(PNG);
        assertThat(response.headers().firstValue("Content-Disposition")).contains(INLINE);
        assertThat(response.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(
                        cached -> assertThat(cached).contains("private").contains("immutable"));
    }

    @Test
    void aLinkExpires() {
        var key = put(bytes("an image"));

        var link = store.link(key, Duration.ofSeconds(1), INLINE);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(get(link).statusCode()).isEqualTo(403));
    }

    @Test
    void aLinkIsValidForReadingOneObjectWithOneDispositionOnly() throws Exception {
        var key = put(bytes("an image"));
        var other = put(bytes("another"));

        var link = store.link(key, TEN_MINUTES, INLINE).toString();

        assertThat(get(URI.create(link.replace(key.value(), other.value()))).statusCode())
                .isEqualTo(403);
        assertThat(get(URI.create(link.replace("inline", "attachment"))).statusCode())
                .isEqualTo(403);
        assertThat(get(URI.create(link.replace("X-Amz-Expires=600", "X-Amz-Expires=6000")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(URI.create(link.substring(0, link.indexOf('?')))).statusCode())
                .isEqualTo(403);
        var put = HttpRequest.newBuilder(URI.create(link)).PUT(BodyPublishers.ofString("mine now"));
        assertThat(browser.send(put.build(), BodyHandlers.discarding()).statusCode())
                .isEqualTo(403);
        assertThat(get(URI.create(link)).body()).isEqualTo(bytes("an image"));
    }

    @Test
    void aLinkUsesThePublicEndpointWithoutConnectingToIt() {
        try (var withPublicEndpoint = server().store(bucket, URI.create("https://images.example.test"))) {
            var link = withPublicEndpoint.link(newKey(), TEN_MINUTES, INLINE);

            assertThat(link).hasScheme("https").hasHost("images.example.test");
            assertThat(link.getPath()).startsWith("/" + bucket + "/contract/");
        }
    }

    @Test
    void aLinkIsValidForOneSecondToSevenDays() {
        var key = newKey();

        assertThatThrownBy(() -> store.link(key, Duration.ofMillis(999), INLINE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.link(key, Duration.ofDays(7).plusSeconds(1), INLINE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A link can be valid for 1 second to 7 days");
        assertThat(store.link(key, Duration.ofDays(7), INLINE)).hasParameter("X-Amz-Expires", "604800");
    }

    @Test
    void isRejectedWithAWrongSecret() {
        isRejected(new S3Server(server().endpoint(), server().accessKey(), "a wrong secret"));
    }

    @Test
    void isRejectedWithAnUnknownKey() {
        isRejected(new S3Server(server().endpoint(), "unknown", server().secretKey()));
    }

    @Test
    void namesAMissingBucket() {
        var missing = newBucket();
        try (var elsewhere = server().store(missing)) {
            var put = elsewhere.put(newKey(), bytes("a"), PNG, Map.of());

            failsWith(ObjectStoreFailed.Kind.REFUSED, put::join);
            assertThatThrownBy(put::join).hasMessageContaining("NoSuchBucket");
        }
    }

    @Test
    void aMissingBucketIsReportedAndNotCreatedByACheck() {
        var missing = newBucket();
        try (var elsewhere = server().store(missing)) {
            for (int check = 0; check < 2; check++) {
                assertThatThrownBy(() -> elsewhere.check().join())
                        .hasCauseInstanceOf(ObjectStoreFailed.class)
                        .hasMessageContaining("no bucket '" + missing + "'");
            }

            elsewhere.prepare().join();

            assertThat(elsewhere.check().join()).isNull();
        }
    }

    @Test
    void createsItsBucketOnceForManyProcesses() {
        var fresh = newBucket();
        var stores = new ArrayList<MinioObjectStore>();
        for (int process = 0; process < 4; process++) {
            stores.add(server().store(fresh));
        }

        var prepared = stores.stream().map(MinioObjectStore::prepare).toList();

        assertThat(prepared).allSatisfy(done -> assertThat(done.join()).isNull());
        var key = newKey();
        stores.get(0).put(key, bytes("an image"), PNG, Map.of()).join();
        assertThat(stores).allSatisfy(one -> assertThat(one.find(key).join()).isPresent());
        stores.forEach(MinioObjectStore::close);
    }

    @Test
    void closesTheResponseOfACancelledCall() throws Exception {
        var key = put(new byte[1 << 20]);
        var minute = Duration.ofMinutes(1);
        var transport = HttpTransport.to(server().endpoint(), "", minute, minute, minute);
        var connections = transport.streams().connectionPool();
        try (var cancelling = server().store(bucket, transport)) {
            for (int caller = 0; caller < 100; caller++) {
                var content = cancelling.open(key, null);
                if (!content.cancel(false)) {
                    content.join().close();
                }
            }

            await().atMost(minute)
                    .untilAsserted(
                            () -> assertThat(transport.streams().dispatcher().runningCallsCount())
                                    .isZero());
            assertThat(connections.connectionCount()).isPositive().isEqualTo(connections.idleConnectionCount());
        }
    }

    private void isRejected(S3Server wrong) {
        var key = put(bytes("a"));
        try (var rejected = wrong.store(bucket)) {
            failsWith(ObjectStoreFailed.Kind.REFUSED, () -> rejected.check().join());
            failsWith(ObjectStoreFailed.Kind.REFUSED, () -> rejected.find(key).join());
            failsWith(
                    ObjectStoreFailed.Kind.REFUSED,
                    () -> rejected.open(key, null).join());
            failsWith(
                    ObjectStoreFailed.Kind.REFUSED,
                    () -> rejected.put(newKey(), bytes("a"), PNG, Map.of()).join());
        }
    }

    private HttpResponse<byte[]> get(URI link) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray());
    }

    private static String newBucket() {
        return "contract-" + UUID.randomUUID();
    }
}
