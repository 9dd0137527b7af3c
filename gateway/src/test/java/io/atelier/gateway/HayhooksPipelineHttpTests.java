package io.atelier.gateway;

import static io.atelier.gateway.HayhooksClient.JSON;
import static io.atelier.gateway.HayhooksClient.RUN;
import static io.atelier.gateway.HayhooksClient.bytes;
import static io.atelier.gateway.HayhooksClient.header;
import static io.atelier.gateway.HayhooksClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Pipelines in files, and the settings of the face for clients of hayhooks that are not its standard. */
@GatewayHttpTest
@TestPropertySource(
        properties = {
            "io.atelier.faces.hayhooks.port=0",
            "io.atelier.faces.hayhooks.model=pocket",
            "io.atelier.faces.hayhooks.rescan-interval=100ms",
            "io.atelier.faces.hayhooks.strict-status=true",
            "io.atelier.faces.hayhooks.get-allowed=true",
            "io.atelier.faces.hayhooks.any-hugging-face-model=false"
        })
class HayhooksPipelineHttpTests {

    /** In it a new pipeline must be there. */
    private static final Duration NOTICED = Duration.ofSeconds(5);

    @TempDir
    private static Path folder;

    @Autowired
    private FaceListener hayhooksListener;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private HayhooksClient client;

    @DynamicPropertySource
    static void pipelines(DynamicPropertyRegistry registry) {
        registry.add("io.atelier.faces.hayhooks.pipelines", () -> folder.toString());
    }

    @BeforeEach
    void startClient() {
        client = new HayhooksClient(hayhooksListener, jobs, store, publisher);
    }

    @AfterEach
    void removePipelines() throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        await().atMost(NOTICED).until(() -> client.text("/status").equals(status("image_generation")));
    }

    @Test
    void fileAddsAPipelineAndItsRemovalRemovesIt() throws Exception {
        assertThat(client.send(client.json("/image_pipeline/run", "{\"prompt\": \"a\"}"))
                        .get()
                        .statusCode())
                .isEqualTo(404);
        add("image_pipeline.yaml", """
                model: test-card
                width: 64
                height: 128
                file_name: bild.png
                disposition: inline
                """);
        await().atMost(NOTICED)
                .until(() -> client.text("/status").equals(status("image_generation", "image_pipeline")));

        var pending = client.send(client.json("/image_pipeline/run", "{\"prompt\": \"a\"}"));
        client.succeed(client.accepted(), bytes(9));
        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(header(pending.get(), "content-disposition")).isEqualTo("inline; filename=\"bild.png\"");
        assertThat(client.requested().model()).isEqualTo("test-card");
        assertThat(client.requested().size().toString()).isEqualTo("64x128");
        assertThat(JSON.readTree(client.text("/openapi.json"))
                        .at("/paths/~1image_pipeline~1run/post/operationId")
                        .stringValue())
                .isEqualTo("image_pipeline_run");

        Files.delete(folder.resolve("image_pipeline.yaml"));
        await().atMost(NOTICED)
                .until(() -> client.get("/status/image_pipeline").get().statusCode() == 404);
    }

    @ParameterizedTest
    @CsvSource({
        "größe.png,attachment; filename*=utf-8''gr%C3%B6%C3%9Fe.png",
        "two words.png,attachment; filename*=utf-8''two%20words.png",
        "plain-1.png,attachment; filename=\"plain-1.png\""
    })
    void nameOfTheFileIsEncodedIfItMustBe(String name, String disposition) throws Exception {
        add("named.yml", "file_name: \"%s\"".formatted(name));
        await().atMost(NOTICED).until(() -> client.text("/status").contains("named"));

        var pending = client.send(client.json("/named/run", "{\"prompt\": \"a\"}"));
        client.succeed(client.accepted(), bytes(9));

        assertThat(header(pending.get(), "content-disposition")).isEqualTo(disposition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: none | no model 'none'",
                "modle: pocket | has the key 'modle'",
                "files: 1 | model 'pocket'",
                "'{model: test-card, files: 17}' | files must be a whole number from 0 to 16",
                "width: 63 | width must be a whole number from 64 to 2048",
                "width: wide | width must be a whole number",
                "height: 2048 | does not support the size",
                "disposition: both | must be 'inline' or 'attachment'",
                "file_name: ../x.png | must have no slashes",
                "name: a/b | must have 1 to 64 letters",
                "name: status | not be one of docs, status",
                "name: [a] | name must be a text",
                "- a | must be a mapping",
                "'a: [' | not valid YAML",
                "name: good | has a pipeline of the same name",
                "kind: sound | kind 'sound' must be one of file, image, redirect, text",
                "{kind: file, path: a.pdf, model: pocket} | has the key 'model'",
                "kind: file | must have the key 'path'",
                "{kind: file, path: ../a.pdf} | must be that of a file in the folder",
                "{kind: file, path: /etc/hostname} | must be that of a file in the folder",
                "{kind: file, path: .} | must be that of a file in the folder",
                "{kind: file, path: a.pdf, media_type: pdf} | must be a media type",
                "{kind: text, text: a, status: 100} | status must be a whole number from 200 to 599",
                "kind: redirect | must have the key 'location'",
                "{kind: redirect, location: a b} | must be a URI",
                "{kind: redirect, location: /docs, status: 304} | status must be one of 301, 302, 303, 307, 308",
                "{kind: redirect, location: 'javascript:alert(1)'} | must be a path or an address with http or https",
                "{kind: text, text: a, status: 204} | must not be 204, 205 or 304"
            })
    void brokenFileIsReportedAndOthersGoOn(String content, String reason) throws Exception {
        add("a-good.yaml", "name: good");
        add("broken.yaml", content);

        await().atMost(NOTICED)
                .until(() -> JSON.readTree(client.text("/status")).has("broken"));
        var status = JSON.readTree(client.text("/status"));
        assertThat(status.get("pipelines").toString()).isEqualTo("[\"good\",\"image_generation\"]");
        assertThat(status.at("/broken/broken.yaml").asString()).contains(reason);
    }

    @Test
    void imagesOfAFormAreChanged() throws Exception {
        add("edit.yaml", "{model: test-card, files: 2}");
        await().atMost(NOTICED).until(() -> client.text("/status").contains("edit"));

        var pending = client.send(form(
                text("prompt", "in winter"),
                text("width", " 128 "),
                text("other", "x"),
                file("files", png(16)),
                file("files", png(24))));
        client.succeed(client.accepted(), bytes(9));
        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(client.requested().prompt()).isEqualTo("in winter");
        assertThat(client.requested().images()).hasSize(2).doesNotHaveDuplicates();
        assertThat(client.requested().size().toString()).isEqualTo("128x512");
        assertThat(JSON.readTree(client.text("/openapi.json"))
                        .at("/paths/~1edit~1run/post/requestBody/content/multipart~1form-data/schema/required")
                        .toString())
                .isEqualTo("[\"files\",\"prompt\"]");
    }

    @Test
    void wrongFormHasTheErrorsOfItsParameters() throws Exception {
        add("edit.yaml", "{model: test-card, files: 1}");
        await().atMost(NOTICED).until(() -> client.text("/status").contains("edit"));

        assertError(form(text("prompt", "a")), "missing", "files");
        assertError(form(text("prompt", "a"), text("width", "x"), file("files", png(16))), "int_parsing", "width");
        assertError(form(file("files", png(16))), "missing", "prompt");
        assertError(form(text("prompt", "a"), file("files", "no image")), "value_error", "files");
        assertError(client.json("/edit/run", "{\"prompt\": \"a\"}"), "missing", "files");
        var broken = client.json("/edit/run", "x").setHeader("Content-Type", "multipart/form-data");
        assertThat(client.send(broken).get().statusCode()).isEqualTo(400);
        var several = form(text("prompt", "a"), file("files", png(16)), file("files", png(24)));
        assertThat(client.send(several).get().statusCode()).isBetween(400, 422);
        assertThat(client.created()).isEmpty();
    }

    @Test
    void fileOfTheFolderIsAResultWithoutCode() throws Exception {
        Files.write(folder.resolve("größe.pdf"), bytes(5_000));
        add("manual.yaml", "{kind: file, path: größe.pdf, disposition: inline}");
        await().atMost(NOTICED).until(() -> client.text("/status").contains("manual"));

        var whole = post("/manual/run");
        assertThat(whole.body()).isEqualTo(bytes(5_000));
        assertThat(header(whole, "content-type")).isEqualTo("application/pdf");
        assertThat(header(whole, "content-disposition")).isEqualTo("inline; filename*=utf-8''gr%C3%B6%C3%9Fe.pdf");
        var part = client.send(client.json("/manual/run", "{}"), "Range", "bytes=0-7")
                .get();
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(8);
        var head = HttpRequest.newBuilder(client.address("/manual/run"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody());
        assertThat(header(client.send(head).get(), "content-length")).isEqualTo("5000");
        assertThat(JSON.readTree(client.text("/openapi.json"))
                        .at("/paths/~1manual~1run/post/responses/200/content")
                        .has("application/pdf"))
                .isTrue();

        Files.delete(folder.resolve("größe.pdf"));
        var gone = post("/manual/run");
        assertThat(gone.statusCode()).isEqualTo(500);
        assertThat(JSON.readTree(gone.body()).get("detail").asString())
                .isEqualTo("The file 'größe.pdf' is not there. Put it into the folder of the pipelines.");
    }

    @Test
    void linkOutOfTheFolderIsRefused(@TempDir Path other) throws Exception {
        Files.writeString(other.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(folder.resolve("now.txt"), other.resolve("secret.txt"));
        add("now.yaml", "{kind: file, path: now.txt}");
        add("later.yaml", "{kind: file, path: later.txt}");
        await().atMost(NOTICED).until(() -> client.text("/status").contains("\"now.yaml\""));
        assertThat(client.text("/status")).contains("links that leave it");

        Files.createSymbolicLink(folder.resolve("later.txt"), other.resolve("secret.txt"));
        var response = post("/later/run");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
    }

    @Test
    void textsAndRedirectsNeedNoCode() throws Exception {
        add("terms.yaml", "{kind: text, text: Grüße, media_type: text/markdown, status: 202}");
        add("elsewhere.yaml", "{kind: redirect, location: /docs, status: 307}");
        await().atMost(NOTICED).until(() -> client.text("/status").contains("terms"));

        var text = post("/terms/run");
        assertThat(text.statusCode()).isEqualTo(202);
        assertThat(new String(text.body(), StandardCharsets.UTF_8)).isEqualTo("Grüße");
        assertThat(header(text, "content-type")).isEqualTo("text/markdown; charset=utf-8");
        var redirect = post("/elsewhere/run");
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(header(redirect, "location")).isEqualTo("/docs");
        assertThat(client.get("/terms/run/abc").get().statusCode()).isEqualTo(404);
    }

    private HttpResponse<byte[]> post(String path) throws Exception {
        var request = HttpRequest.newBuilder(client.address(path)).POST(HttpRequest.BodyPublishers.noBody());
        return client.send(request).get();
    }

    @Test
    void fileCanReplaceTheStandardPipeline() throws Exception {
        add("image_generation.yaml", "model: test-card");

        await().atMost(NOTICED).until(() -> client.text("/openapi.json").contains("\"default\":\"test-card\""));
        assertThat(client.text("/status")).isEqualTo(status("image_generation"));
    }

    @Test
    void getRunsAPipelineIfItMay() throws Exception {
        var pending = client.get(RUN + "?prompt=a%20castle&width=128&disposition=inline");
        client.succeed(client.accepted(), bytes(70));

        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(pending.get().body()).isEqualTo(bytes(70));
        assertThat(header(pending.get(), "content-disposition")).isEqualTo("inline; filename=\"generated_image.png\"");
        assertThat(header(pending.get(), "cache-control")).isEqualTo("no-store");
        assertThat(client.requested().prompt()).isEqualTo("a castle");
        assertThat(client.requested().size().toString()).isEqualTo("128x512");
        var wrong = client.get(RUN + "?width=x").get();
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).at("/detail/0/loc").toString()).isEqualTo("[\"query\",\"prompt\"]");
        assertThat(json(wrong).at("/detail/1/type").stringValue()).isEqualTo("int_parsing");
        var put = client.send(client.json(RUN, "{}").method("PUT", HttpRequest.BodyPublishers.noBody()))
                .get();
        assertThat(header(put, "allow")).isEqualTo("GET, POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RATE_LIMITED", "REQUEST_REJECTED", "PROVIDER_TIMEOUT", "MODERATION_BLOCKED"})
    void everyFailureIs500InTheStrictForm(Failure.Code code) throws Exception {
        var pending = client.post("{\"prompt\": \"fails\"}");
        jobs.show(JobBuilder.of(SampleJobs.as(client.accepted(), SampleJobs.in(JobStatus.FAILED)))
                .error(new Failure(code, "The provider said no."))
                .job());

        assertThat(pending.get().statusCode()).isEqualTo(500);
        assertThat(json(pending.get()).get("detail").stringValue())
                .isEqualTo("Pipeline execution failed: The provider said no.");
    }

    @Test
    void modelsOutsideOfTheCatalogueCanBeSwitchedOff() throws Exception {
        var response =
                client.post("{\"prompt\": \"a\", \"model\": \"no/such\"}").get();

        assertThat(response.statusCode()).isEqualTo(422);
        var error = json(response).at("/detail/0");
        assertThat(error.get("loc").toString()).isEqualTo("[\"body\",\"model\"]");
        assertThat(error.get("input").stringValue()).isEqualTo("no/such");
        assertThat(error.get("msg").stringValue()).contains("pocket", "black-forest-labs/FLUX.1-schnell");
        assertThat(client.created()).isEmpty();
    }

    private void assertError(HttpRequest.Builder request, String type, String parameter) throws Exception {
        var response = client.send(request).get();
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/detail/0/type").asString()).isEqualTo(type);
        assertThat(json(response).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"%s\"]".formatted(parameter));
    }

    private HttpRequest.Builder form(String... parts) {
        var body = String.join("", parts) + "--b--\r\n";
        return HttpRequest.newBuilder(client.address("/edit/run"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1));
    }

    private static String text(String name, String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    private static String file(String name, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n%s\r\n"
                .formatted(name, content);
    }

    /** The bytes of a PNG, as characters of ISO 8859-1. */
    private static String png(int side) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static void add(String name, String content) throws IOException {
        var file = Files.writeString(folder.resolve(name + ".part"), content, StandardCharsets.UTF_8);
        Files.move(file, folder.resolve(name));
    }

    private static String status(String... pipelines) {
        return "{\"status\":\"Up!\",\"pipelines\":%s}".formatted(JSON.writeValueAsString(List.of(pipelines)));
    }
}
