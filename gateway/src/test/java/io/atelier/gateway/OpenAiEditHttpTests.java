package io.atelier.gateway;

import static io.atelier.gateway.WaitingClient.TIMEOUT;
import static io.atelier.gateway.WaitingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.FileId;
import io.atelier.messaging.InMemoryEventPublisher;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Edits in OpenAI's images API: forms with one or more images and a mask, and JSON. */
@GatewayHttpTest
class OpenAiEditHttpTests {

    private static final String BOUNDARY = "xXboundaryXx";

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private WaitingClient client;

    @BeforeEach
    void connect() {
        client = new WaitingClient(() -> port, jobs, store, publisher);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "image[]"})
    void oneImageIsEdited(String part) throws Exception {
        var pending = post(new Form()
                .text("prompt", "in winter")
                .text("model", "test-card")
                .file(part, png(1)));

        assertThat(succeeded(pending).statusCode()).isEqualTo(200);
        assertThat(client.requested().prompt()).isEqualTo("in winter");
        assertThat(client.requested().images()).hasSize(1);
        assertThat(client.requested().mask()).isNull();
    }

    @Test
    void imagesKeepTheirOrderAndTextsBecomeNumbers() throws Exception {
        var form = new Form()
                .text("prompt", "three")
                .text("model", "test-card")
                .text("n", "2")
                .text("seed", "7")
                .text("strength", "0.25")
                .text("size", "320x256")
                .text("labels", "{\"own\": \"x\"}")
                .text("user", "1234")
                .file("image[]", png(1))
                .file("image[]", png(2))
                .file("mask", png(4))
                .file("image[]", png(3));
        assertThat(succeeded(post(form)).statusCode()).isEqualTo(200);

        assertThat(client.requested().n()).isEqualTo(2);
        assertThat(client.requested().seed()).isEqualTo(7);
        assertThat(client.requested().strength()).isEqualTo(0.25);
        assertThat(client.requested().size().width()).isEqualTo(320);
        assertThat(client.requested().labels()).containsEntry("own", "x").containsEntry("openai.user", "1234");
        var files = client.requested().images().stream()
                .map(source -> Objects.requireNonNull(source.file()).id())
                .toList();
        assertThat(files).hasSize(3).doesNotHaveDuplicates();
        assertThat(client.requested().mask()).isNotNull();
        assertThat(widthOf(files.get(0))).isEqualTo(11);
        assertThat(widthOf(files.get(1))).isEqualTo(12);
        assertThat(widthOf(files.get(2))).isEqualTo(13);
    }

    @Test
    void repeatedFormFindsItsJob() throws Exception {
        var form = new Form().text("prompt", "again").text("model", "test-card").file("image", png(1));
        post(form, "x-stainless-read-timeout", "6").get();
        var id = client.accepted();
        client.start(id);

        var again = post(form, "x-stainless-retry-count", "1");
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 1);
        assertThat(succeeded(again).statusCode()).isEqualTo(200);
        assertThat(client.created()).containsExactly(id);
    }

    @Test
    void editInJsonHasImages() throws Exception {
        var url = "data:image/png;base64," + Base64.getEncoder().encodeToString(png(1));
        var body = "{\"prompt\": \"json\", \"model\": \"test-card\", \"images\": [{\"image_url\": \"%s\"}]}"
                .formatted(url);
        assertThat(succeeded(send(body.getBytes(StandardCharsets.UTF_8), "application/json"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.requested().images()).hasSize(1);
    }

    @Test
    void editInJsonWithoutImagesIsRefused() throws Exception {
        var response = send("{\"prompt\": \"x\"}".getBytes(StandardCharsets.UTF_8), "application/json")
                .get();
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("images");
    }

    @ParameterizedTest
    @CsvSource({
        "n,two,n,invalid_value",
        "n,11,n,invalid_value",
        "stream,maybe,stream,invalid_value",
        "size,7x7,size,invalid_value",
        "output_format,webp,output_format,unsupported_value",
        "labels,[,labels,invalid_value",
        "prompt,'',prompt,invalid_value"
    })
    void invalidTextIsNamedAndNothingIsStored(String name, String value, String parameter, String code)
            throws Exception {
        var form = new Form().text(name, value).text("model", "test-card").file("image", png(5));
        if (!name.equals("prompt")) {
            form.text("prompt", "x");
        }
        var response = post(form).get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo(parameter);
        assertThat(json(response).at("/error/code").stringValue()).isEqualTo(code);
        assertThat(client.created()).isEmpty();
    }

    @Test
    void membersOfObjectsAreFieldsOfTheirOwn() throws Exception {
        var form = new Form()
                .text("prompt", "members")
                .text("model", "test-card")
                .text("grid[layout]", "2x2")
                .text("grid[min_tile_px]", "16")
                .text("labels[a]", "1")
                .file("image", png(1));
        assertThat(succeeded(post(form)).statusCode()).isEqualTo(200);

        assertThat(Objects.requireNonNull(client.requested().grid()).rows()).isEqualTo(2);
        assertThat(Objects.requireNonNull(client.requested().grid()).minTilePixels())
                .isEqualTo(16);
        assertThat(client.requested().labels()).containsEntry("a", "1");
    }

    @ParameterizedTest
    @CsvSource({"prompt,caf\uFFFD,prompt", "images,[],images"})
    void textThatWouldBeLostIsRefused(String name, String value, String parameter) throws Exception {
        var form = new Form().text(name, value).text("model", "test-card").file("image", png(1));
        if (!name.equals("prompt")) {
            form.text("prompt", "x");
        }
        var response = post(form).get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo(parameter);
        assertThat(client.created()).isEmpty();
    }

    @Test
    void formWithoutAnImageIsRefused() throws Exception {
        var response =
                post(new Form().text("prompt", "x").text("model", "test-card")).get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("image");
    }

    @Test
    void markupIsRefusedByName() throws Exception {
        var response = post(new Form()
                        .text("prompt", "x")
                        .text("model", "test-card")
                        .file("image", png(1))
                        .file("markup", png(2)))
                .get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("markup");
        assertThat(json(response).at("/error/code").stringValue()).isEqualTo("unsupported_value");
    }

    @Test
    void fileThatIsNoImageIsNamed() throws Exception {
        var response = post(new Form()
                        .text("prompt", "x")
                        .text("model", "test-card")
                        .file("image[]", new byte[] {1, 2, 3}))
                .get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("image[]");
        assertThat(client.created()).isEmpty();
    }

    @Test
    void modelThatCannotEditIsRefused() throws Exception {
        var response = post(new Form()
                        .text("prompt", "x")
                        .text("model", "pocket")
                        .file("image", png(1)))
                .get();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/param").stringValue()).isEqualTo("image");
        assertThat(json(response).get("detail").stringValue()).contains("test-card");
    }

    private CompletableFuture<HttpResponse<byte[]>> post(Form form, String... headers) throws IOException {
        return send(form.bytes(), "multipart/form-data; boundary=" + BOUNDARY, headers);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(byte[] body, String type, String... headers) {
        var request = HttpRequest.newBuilder(client.address("/v1/images/edits"))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return client.send(request, headers);
    }

    private HttpResponse<byte[]> succeeded(CompletableFuture<HttpResponse<byte[]>> pending) throws Exception {
        await().atMost(TIMEOUT).until(() -> !client.created().isEmpty() || pending.isDone());
        if (client.created().isEmpty()) {
            return pending.get();
        }
        client.succeed(client.accepted(), new byte[] {1});
        return pending.get();
    }

    private int widthOf(FileId file) throws Exception {
        return json(client.get("/v1/files/" + file.value()).get()).get("width").intValue();
    }

    /** An image that is 10 pixels and so many more wide. */
    private static byte[] png(int number) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(10 + (number == 4 ? 1 : number), 9, BufferedImage.TYPE_INT_ARGB), "png", out);
        return out.toByteArray();
    }

    /** A multipart body. */
    private static final class Form {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Form text(String name, String value) throws IOException {
            write("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(BOUNDARY, name, value));
            return this;
        }

        Form file(String name, byte[] bytes) throws IOException {
            write("--%s\r\n".formatted(BOUNDARY));
            write("Content-Disposition: form-data; name=\"%s\"; filename=\"a.png\"\r\n".formatted(name));
            write("Content-Type: image/png\r\n\r\n");
            body.write(bytes);
            write("\r\n");
            return this;
        }

        byte[] bytes() throws IOException {
            var all = new ByteArrayOutputStream();
            all.write(body.toByteArray());
            all.write(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
            return all.toByteArray();
        }

        private void write(String text) throws IOException {
            body.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
