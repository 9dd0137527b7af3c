package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The S3 publisher with a server that has every object and responds to copies with errors. */
class MinioObjectPublisherTests {

    private static final ObjectKey FROM = new ObjectKey("jobs/0.png");
    private static final ObjectKey TO = new ObjectKey("avatars/42/img_0.png");

    private final List<String> copies = new CopyOnWriteArrayList<>();

    private HttpServer server;
    private MinioObjectPublisher publisher;
    private int status = 200;
    private String code = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                if (exchange.getRequestMethod().equals("HEAD")) {
                    exchange.getResponseHeaders().add("x-amz-meta-sha256", "ab".repeat(32));
                    exchange.getResponseHeaders().add("Content-Type", "image/png");
                    exchange.getResponseHeaders().add("Last-Modified", "Tue, 01 Dec 2026 10:00:00 GMT");
                    exchange.getResponseHeaders().add("ETag", "\"1\"");
                    exchange.sendResponseHeaders(200, -1);
                    return;
                }
                copies.add(exchange.getRequestURI().getPath());
                var body = "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>No.</Message></Error>"
                        .formatted(code)
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/xml");
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        publisher = new S3Server(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "access", "a secret")
                .publisher("atelier", "avatars", false);
    }

    @AfterEach
    void stop() {
        publisher.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied,  REFUSED,     1, S3 access denied. Give the key pair",
        "404, NoSuchBucket,  REFUSED,     1, S3 bucket 'avatars' does not exist. Create it",
        "400, KeyTooLong,    REFUSED,     1, S3 upload error (KeyTooLong): The object store refused to publish jobs/0.png",
        "503, SlowDown,      UNAVAILABLE, 3, S3 upload error (SlowDown): The object store could not publish jobs/0.png now"
    })
    void beginsWithTheWordsOfTheServer(
            int response, String error, ObjectStoreFailed.Kind kind, int requests, String message) {
        status = response;
        code = error;

        var publish = publisher.publish(FROM, TO, Map.of());

        ObjectStoreContract.failsWith(kind, publish::join);
        assertThatThrownBy(publish::join)
                .cause()
                .isInstanceOfSatisfying(
                        ObjectStoreFailed.class,
                        failed -> assertThat(failed.publicMessage())
                                .startsWith(message)
                                .doesNotContain("127.0.0.1"));
        assertThat(copies).hasSize(requests).containsOnly("/avatars/" + TO);
    }

    @Test
    void anErrorInASuccessfulResponseIsAFailure() {
        code = "InternalError";

        ObjectStoreContract.failsWith(
                ObjectStoreFailed.Kind.UNAVAILABLE,
                () -> publisher.publish(FROM, TO, Map.of()).join());
    }

    @Test
    void isUnavailableWithoutAServer() {
        server.stop(0);

        var publish = publisher.publish(FROM, TO, Map.of());

        ObjectStoreContract.failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, publish::join);
        assertThatThrownBy(publish::join).hasMessageContaining("S3 upload error (no response): ");
    }
}
