package io.atelier.gateway;

import static io.atelier.gateway.HayhooksClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Jars of pipelines: they are added, replaced and removed while the gateway runs, and broken ones are reported. */
@GatewayHttpTest
@TestPropertySource(
        properties = {
            "io.atelier.faces.hayhooks.port=0",
            "io.atelier.faces.hayhooks.model=pocket",
            "io.atelier.faces.hayhooks.rescan-interval=100ms",
            "io.atelier.faces.hayhooks.run-timeout=20s"
        })
class HayhooksJarHttpTests {

    /** In it a change of the folder counts. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    private static final String SOURCE = """
            package demo;

            import io.atelier.pipeline.*;
            import java.util.concurrent.*;

            public class Demo implements Pipeline {
                public String name() { return "NAME"; }
                public ResultType resultType() { return ResultType.text(); }
                public CompletionStage<PipelineResult> run(PipelineArguments arguments, PipelineContext context)
                        throws Exception {
                    System.setProperty("demo.started", "VERSION");
                    while (System.getProperty("demo.hold") != null) {
                        Thread.sleep(10);
                    }
                    return CompletableFuture.completedFuture(PipelineResult.text(new Late().version()));
                }
                public Demo() {
                    System.getProperties().put("demo.loader", new java.lang.ref.WeakReference<>(getClass().getClassLoader()));
                }
                public void close() { System.setProperty("demo.closed", "VERSION"); }
            }
            """;

    /** Is loaded after the jar was removed. */
    private static final String LATE = "package demo; class Late { String version() { return \"VERSION\"; } }";

    @TempDir
    private static Path folder;

    @TempDir
    private static Path work;

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
        clear();
    }

    @AfterEach
    void removePipelines() throws Exception {
        clear();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        awaitStatus("{\"status\":\"Up!\",\"pipelines\":[\"image_generation\"]}");
    }

    private static void clear() {
        for (var name : List.of("demo.hold", "demo.started", "demo.closed")) {
            System.clearProperty(name);
        }
        System.getProperties().remove("demo.loader");
    }

    @Test
    void jarIsAddedReplacedAndRemoved() throws Exception {
        demo("demo", "one").write(folder.resolve("demo.jar"));
        awaitTrue(() -> "one".equals(run("demo")));
        assertThat(JSON.readTree(client.text("/openapi.json"))
                        .at("/paths/~1demo~1run/post/operationId")
                        .stringValue())
                .isEqualTo("demo_run");

        demo("demo", "two").write(folder.resolve("demo.jar"));
        awaitTrue(() -> "two".equals(run("demo")));
        awaitTrue(() -> "one".equals(System.getProperty("demo.closed")));

        Files.delete(folder.resolve("demo.jar"));
        awaitStatus("{\"status\":\"Up!\",\"pipelines\":[\"image_generation\"]}");
        assertThat(run("demo")).isEqualTo("{\"detail\":\"Not Found\"}");
        awaitTrue(() -> "two".equals(System.getProperty("demo.closed")));
        awaitTrue(HayhooksJarHttpTests::isNothingOfTheJarInMemory);
    }

    private static boolean isNothingOfTheJarInMemory() {
        System.gc();
        return System.getProperties().get("demo.loader") instanceof WeakReference<?> loader && loader.refersTo(null);
    }

    @Test
    void runningRequestEndsWithTheCodeThatItBeganWith() throws Exception {
        demo("demo", "one").write(folder.resolve("demo.jar"));
        awaitTrue(() -> client.text("/status").contains("demo"));
        System.setProperty("demo.hold", "");
        var running = client.send(client.json("/demo/run", "{}"));
        awaitTrue(() -> System.getProperty("demo.started") != null);

        Files.delete(folder.resolve("demo.jar"));
        awaitStatus("{\"status\":\"Up!\",\"pipelines\":[\"image_generation\"]}");
        Thread.sleep(300);
        assertThat(System.getProperty("demo.closed")).isNull();

        System.clearProperty("demo.hold");
        // Its class Late was not loaded before, so the jar is still open.
        assertThat(new String(running.get().body(), StandardCharsets.UTF_8)).isEqualTo("one");
        awaitTrue(() -> "one".equals(System.getProperty("demo.closed")));
    }

    @Test
    void brokenJarsAreReportedAndOthersGoOn() throws Exception {
        demo("demo", "one").write(folder.resolve("a-good.jar"));
        demo("demo", "two").write(folder.resolve("same-name.jar"));
        Files.writeString(folder.resolve("same-name.yaml"), "{name: demo, kind: text, text: x}");
        demo("new", "one").classVersion(99).write(folder.resolve("new-java.jar"));
        demo("a/b", "one").write(folder.resolve("name.jar"));
        demo("x", "one").withoutServices().write(folder.resolve("no-service.jar"));
        new PipelineJarBuilder(work).write(folder.resolve("empty-service.jar"));
        new PipelineJarBuilder(work).service("demo.Missing").write(folder.resolve("no-class.jar"));
        new PipelineJarBuilder(work)
                .source("demo.Late", LATE)
                .service("demo.Late")
                .write(folder.resolve("no-pipeline.jar"));
        changed("x", "public Demo() {", "public Demo() { if (true) { throw new IllegalStateException(\"no key\"); }")
                .service("demo.Demo")
                .write(folder.resolve("throws.jar"));
        changed("x", "return ResultType.text();", "return null;")
                .service("demo.Demo")
                .write(folder.resolve("null.jar"));
        changed("x", "return \"x\";", "try { Thread.sleep(60_000); } catch (InterruptedException e) { } return \"x\";")
                .service("demo.Demo")
                .write(folder.resolve("hangs.jar"));
        Files.writeString(folder.resolve("text.jar"), "no jar");
        demo("partly", "one").service("demo.Missing").write(folder.resolve("partly.jar"));

        awaitTrue(() -> JSON.readTree(client.text("/status")).path("broken").size() == 13);
        var status = JSON.readTree(client.text("/status"));
        assertThat(status.get("pipelines").toString()).isEqualTo("[\"demo\",\"image_generation\",\"partly\"]");
        assertReason("same-name.jar", "The file 'a-good.jar' has a pipeline of the same name, 'demo'.");
        assertReason("same-name.yaml", "The file 'a-good.jar' has a pipeline of the same name, 'demo'.");
        assertReason("new-java.jar", "needs a newer Java than");
        assertReason("name.jar", "must have 1 to 64 letters");
        assertReason("no-service.jar", "has no file META-INF/services/io.atelier.pipeline.Pipeline");
        assertReason("empty-service.jar", "names no pipeline");
        assertReason("no-class.jar", "demo.Missing not found");
        assertReason("no-pipeline.jar", "not a subtype");
        assertReason("throws.jar", "no key");
        assertReason("null.jar", "Its method resultType() returns null.");
        assertReason("hangs.jar", "takes longer than 10 s");
        assertReason("text.jar", "It is no jar");
        assertReason("partly.jar", "demo.Missing not found");
        assertThat(run("demo")).isEqualTo("one");
        assertThat(run("partly")).isEqualTo("one");
    }

    private void assertReason(String file, String reason) throws Exception {
        assertThat(JSON.readTree(client.text("/status")).at("/broken/" + file).asString())
                .as(file)
                .contains(reason);
    }

    @Test
    void twoPipelinesOfOneJarNeedTwoNames() throws Exception {
        demo("demo", "one")
                .source("demo.Other", SOURCE.replace("Demo", "Other").replace("NAME", "demo"))
                .service("demo.Other")
                .write(folder.resolve("twice.jar"));

        awaitTrue(() -> client.text("/status").contains("two pipelines of the name 'demo'"));
        assertThat(run("demo")).isEqualTo("one");
    }

    @Test
    void exampleOfThePageWorks() throws Exception {
        new PipelineJarBuilder(work)
                .source("com.example.GreetingCard", examples("java").get(0))
                .service("com.example.GreetingCard")
                .write(folder.resolve("card.jar"));
        awaitTrue(() -> client.text("/status").contains("greeting_card"));

        var pending = client.send(client.json("/greeting_card/run", "{\"name\": \"Ada\", \"width\": 128}"));
        client.succeed(client.accepted(), HayhooksClient.bytes(9), 128, 512);
        assertThat(pending.get().body()).isEqualTo(HayhooksClient.bytes(9));
        assertThat(HayhooksClient.header(pending.get(), "content-disposition"))
                .isEqualTo("attachment; filename=\"card.png\"");
        assertThat(client.requested().prompt()).isEqualTo("A greeting card for Ada");
        assertThat(client.requested().size().toString()).isEqualTo("128x512");
    }

    @Test
    void yamlOfThePageIsRight() throws Exception {
        var examples = examples("yaml");
        for (int i = 0; i < examples.size(); i++) {
            Files.writeString(folder.resolve("example%d.yaml".formatted(i)), examples.get(i));
        }

        awaitStatus("{\"status\":\"Up!\",\"pipelines\":[\"example1\",\"example2\",\"example3\",\"image_generation\"]}");
    }

    private static List<String> examples(String language) throws IOException {
        var page = Files.readString(Path.of("..", "docs", "faces", "hayhooks.md"));
        return Pattern.compile("```%s\n(.*?)```".formatted(language), Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private String run(String pipeline) throws Exception {
        var response = client.send(client.json("/" + pipeline + "/run", "{}")).get();
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static PipelineJarBuilder demo(String name, String version) {
        return new PipelineJarBuilder(work)
                .source("demo.Demo", SOURCE.replace("NAME", name).replace("VERSION", version))
                .source("demo.Late", LATE.replace("VERSION", version))
                .service("demo.Demo");
    }

    /** The source with another text in it. */
    private static PipelineJarBuilder changed(String name, String from, String to) {
        var source = SOURCE.replace("NAME", name).replace("VERSION", "one");
        assertThat(source).contains(from);
        return new PipelineJarBuilder(work)
                .source("demo.Demo", source.replace(from, to))
                .source("demo.Late", LATE);
    }

    private void awaitStatus(String status) {
        awaitTrue(() -> client.text("/status").equals(status));
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(NOTICED).until(condition);
    }
}
