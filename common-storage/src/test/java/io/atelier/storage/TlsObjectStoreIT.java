package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.embedded.EmbeddedObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An S3 server with TLS and a certificate of a private authority. */
class TlsObjectStoreIT {

    @TempDir
    private static Path folder;

    private static EmbeddedObjectStore embedded;
    private static TlsProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        embedded = EmbeddedObjectStore.start(folder.resolve("store"), 0, "tester", "a secret of tests");
        proxy = TlsProxy.start(folder, embedded.endpoint());
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
        embedded.close();
    }

    @Test
    void trustsTheCertificatesOfTheSettings() throws Exception {
        try (var store =
                server().storeWithCertificates("trusted", proxy.certificate().toString())) {
            store.prepare().get(30, TimeUnit.SECONDS);
            var key = new ObjectKey("tls/image.png");
            store.put(key, "an image".getBytes(StandardCharsets.UTF_8), "image/png", Map.of())
                    .get(30, TimeUnit.SECONDS);
            assertThat(store.find(key).get(30, TimeUnit.SECONDS)).isPresent();
        }
    }

    @Test
    void refusesACertificateThatTheJvmDoesNotKnow() {
        try (var store = server().store("untrusted")) {
            assertThat(store.check()).failsWithin(60, TimeUnit.SECONDS);
        }
    }

    private static S3Server server() {
        return new S3Server(proxy.endpoint(), "tester", "a secret of tests");
    }
}
