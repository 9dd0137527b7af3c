package io.atelier.gateway;

import static io.atelier.gateway.IntelFaceClient.job;
import static io.atelier.gateway.IntelFaceClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.test.context.TestPropertySource;

/** The Intel face in strict mode, with a model of the replaced service. */
@GatewayHttpTest
@TestPropertySource(
        properties = {"io.atelier.faces.intel.strict=true", "io.atelier.faces.intel.model=stable-diffusion-v3"})
class IntelStrictHttpTests {

    private static final String RUN = "{\"prompt\": \"a castle\", \"model\": \"pocket\"}";

    @Autowired
    @Qualifier("intelListener")
    private FaceListener listener;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Test
    void imageIsSentOnceAndItsJobErased() {
        var client = client("strict");
        var id = job(client.run(RUN));
        client.show(client.after(id, SampleJobs.succeeded(new byte[] {1, 2})));
        assertThat(client.get("/pipeline/image").statusCode()).isEqualTo(500);
        client.succeed(id, new byte[] {1, 2});

        assertThat(client.get("/pipeline/image").body()).containsExactly(1, 2);
        awaitErasure(id);
        var second = client.get("/pipeline/image");
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(text(second)).contains("\"detail\":\"Pipeline execution is not yet complete.\"");
        assertThat(text(client.get("/pipeline/status"))).isEqualTo("{\"running\":false,\"completed\":false}");
        assertThat(erasures(id)).isEqualTo(1);
        assertThat(client.run(RUN).statusCode()).isEqualTo(200);
    }

    @Test
    void brokenDownloadErasesNothing() throws IOException {
        var client = client("broken");
        var id = job(client.run(RUN));
        var image = new byte[16_000_000];
        client.succeed(id, image);
        int before = store.opens();
        try (var socket = new Socket()) {
            int port = listener.port().orElseThrow();
            socket.setReceiveBufferSize(4 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var request = "GET /pipeline/image HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Pipeline-Id: broken\r\n\r\n"
                    .formatted(port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(20_000)).hasSize(20_000);
            socket.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> store.opens() > before && store.streams().open() == 0);
        assertThat(erasures(id)).isZero();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/pipeline/image").statusCode() == 200);
        awaitErasure(id);
    }

    @Test
    void modelOfTheSettingsIsShown() {
        assertThat(client("model").get("/pipeline/status").headers().firstValue("X-Model"))
                .contains("stabilityai/stable-diffusion-3-medium-diffusers");
    }

    /** A client has the last byte of an image before the gateway knows that it was sent. */
    private void awaitErasure(JobId id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> erasures(id) == 1);
    }

    private long erasures(JobId id) {
        return publisher.events(EraseRequested.class).stream()
                .filter(event -> event.job().equals(id))
                .count();
    }

    private IntelFaceClient client(String session) {
        return new IntelFaceClient(listener.port().orElseThrow(), session, jobs, store, publisher);
    }
}
