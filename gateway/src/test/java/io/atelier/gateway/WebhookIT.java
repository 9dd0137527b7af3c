package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.gateway.webhooks.WebhookReceiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks of a complete gateway with a real broker and a real receiver. */
@Tag("processes")
class WebhookIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String OLD = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEW = "bmV3LXNlY3JldC1vZi10aGUtcm90YXRpb24h";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedObjectStore server;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private ConfigurableApplicationContext gateway;
    private WebhookReceiver receiver;

    @BeforeAll
    static void startServers() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        server = EmbeddedObjectStore.start(folder.resolve("store"), 0, "key", "secret-of-the-test");
    }

    @AfterAll
    static void stopServers() {
        server.close();
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        receiver = new WebhookReceiver();
        startGateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
        receiver.close();
    }

    @Test
    void endOfAJobIsSentSignedWithEverySecret() throws Exception {
        var job = canceled("{\"prompt\": \"a déjà vu\", \"client_ref\": \"order-7\", \"webhook\": {\"url\": \"%s\"}}"
                .formatted(receiver.url("/hook")));

        await().atMost(TIMEOUT).until(() -> !receiver.messages().isEmpty());

        var message = receiver.messages().get(0);
        var signed = message.id() + "." + message.timestamp() + "." + message.body();
        assertThat(message.signature()).isEqualTo("v1," + hmac(NEW, signed) + " v1," + hmac(OLD, signed));
        var body = JSON.readTree(message.body());
        assertThat(body.get("type").stringValue()).isEqualTo("generation.canceled");
        assertThat(job).endsWith(body.at("/data/id").stringValue());
        assertThat(body.at("/data/client_ref").stringValue()).isEqualTo("order-7");
        assertThat(message.body()).doesNotContain("déjà vu");
    }

    @Test
    void messageThatWasDeliveredCanBeSentAgain() throws Exception {
        var job = canceled("{\"prompt\": \"a\", \"webhook\": {\"url\": \"%s\"}}".formatted(receiver.url("/hook")));
        await().atMost(TIMEOUT).until(() -> delivery(job).path("status").asString(""), "delivered"::equals);
        var id = delivery(job).get("id").stringValue();

        var again = post(job + "/webhook-deliveries/" + id + "/redeliver", "");

        assertThat(again.statusCode()).isEqualTo(202);
        await().atMost(TIMEOUT).until(() -> delivery(job).path("attempts").size() == 2);
        assertThat(delivery(job).get("status").stringValue()).isEqualTo("delivered");
        assertThat(receiver.messages(id)).hasSize(2);
    }

    @Test
    void pendingMessageIsSentAfterARestartAndADeliveredOneIsNot() throws Exception {
        var first = canceled("{\"prompt\": \"a\", \"webhook\": {\"url\": \"%s\"}}".formatted(receiver.url("/first")));
        await().atMost(TIMEOUT).until(() -> delivery(first).path("status").asString(""), "delivered"::equals);
        receiver.answerWith(503);
        var second = canceled("{\"prompt\": \"a\", \"webhook\": {\"url\": \"%s\"}}".formatted(receiver.url("/second")));
        await().atMost(TIMEOUT)
                .until(() -> receiver.messages().stream()
                        .anyMatch(message -> message.path().equals("/second")));

        gateway.close();
        receiver.answerWith(200);
        startGateway();

        await().atMost(TIMEOUT).until(() -> delivery(second).path("status").asString(""), "delivered"::equals);
        assertThat(receiver.messages(delivery(first).get("id").stringValue())).hasSize(1);
    }

    private void startGateway() throws IOException, InterruptedException {
        gateway = GatewayApplication.application()
                .run(
                        "--ATELIER_KAFKA=" + broker.bootstrapServers(),
                        "--ATELIER_S3=" + server.endpoint(),
                        "--ATELIER_S3_ACCESS_KEY=key",
                        "--ATELIER_S3_SECRET_KEY=secret-of-the-test",
                        "--ATELIER_DATA=" + folder.resolve("data"),
                        "--ATELIER_HTTP_PORT=0",
                        "--ATELIER_WEBHOOK_SECRETS=whsec_" + NEW + ", whsec_" + OLD,
                        "--ATELIER_WEBHOOK_ADDRESSES=any");
        await().atMost(TIMEOUT).until(() -> get("/readyz").statusCode() == 200);
    }

    /** Creates a job, cancels it and returns its path. */
    private String canceled(String body) throws IOException, InterruptedException {
        var accepted = post("/v1/generations", body);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        var path = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(post(path + "/cancel", "").statusCode()).isIn(200, 202);
        return path;
    }

    /** The delivery of a job with one; an empty object before it exists. */
    private JsonNode delivery(String job) throws IOException, InterruptedException {
        var list = JSON.readTree(get(job + "/webhook-deliveries").body()).path("data");
        return list.isEmpty() ? JSON.createObjectNode() : list.get(0);
    }

    private static String hmac(String key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .timeout(TIMEOUT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String url() {
        return "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port");
    }
}
