package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedObjectStoreIT {

    @TempDir
    Path folder;

    @Test
    void refusesARequestWithoutKeys() throws Exception {
        try (var store = start(0)) {
            var response = get(store);

            assertThat(store.endpoint().getHost()).isEqualTo("127.0.0.1");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("<Code>AccessDenied</Code>");
        }
    }

    @Test
    void deletesTemporaryFilesAtTheStart() throws Exception {
        var bucket = Files.createDirectories(folder.resolve("buckets/images"));
        var temporary = Files.createFile(bucket.resolve("0.png-" + UUID.randomUUID()));

        try (var store = start(0)) {
            assertThat(temporary).doesNotExist();
            assertThat(get(store).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void refusesAFolderThatIsInUse() throws Exception {
        try (var store = start(0)) {
            assertThatThrownBy(() -> start(0))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Another process uses the folder " + folder.toAbsolutePath());

            assertThat(get(store).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void reportsAPortThatIsInUse() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> start(other.getLocalPort()))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + " of 127.0.0.1 is in use");
        }
    }

    @Test
    void restartsAtTheSamePort() throws Exception {
        int port = LoopbackPorts.freePort();

        for (int start = 0; start < 2; start++) {
            try (var store = start(port)) {
                assertThat(store.endpoint()).hasPort(port);
                assertThat(get(store).statusCode()).isEqualTo(403);
            }
            assertThat(LoopbackPorts.isFree(port)).isTrue();
        }
    }

    private EmbeddedObjectStore start(int port) {
        return EmbeddedObjectStore.start(folder, port, "access", "a secret");
    }

    private static HttpResponse<String> get(EmbeddedObjectStore store) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(store.endpoint().resolve("/")).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
