package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.ObjectStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.ConfigurableApplicationContext;

/** The splitter worker as it is deployed, with a real broker and a real store. */
class SplitterWorkerIT {

    private static final Pattern GATEWAY_ONLY = Pattern.compile(".*(springdoc|kafka\\.streams|KafkaStreams).*");

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedObjectStore server;

    @BeforeAll
    static void startServers() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        server = EmbeddedObjectStore.start(folder.resolve("store"), 0, "splitter", "splitter-secret");
    }

    @AfterAll
    static void stopServers() {
        server.close();
        broker.close();
    }

    @Test
    void publishedTaskIsSplitAndReported() throws Exception {
        try (var worker = worker(WebApplicationType.REACTIVE);
                var reports = reports()) {
            var store = worker.getBean(ObjectStore.class);
            var job = JobId.create(Instant.now(), new Random());
            var folder = "jobs/2026/11/" + job + "/";
            var task = SampleSplits.task(
                    job,
                    SampleSplits.twoByTwo(),
                    SampleSplits.stored(store, folder + "image-1/0.png", SampleSplits.grid(1)),
                    SampleSplits.stored(store, folder + "image-1/1.png", SampleSplits.grid(2)));

            worker.getBean(EventPublisher.class).publish(task).join();

            var received = new ArrayList<JobEvent>();
            await().atMost(TIMEOUT).until(() -> received.addAll(next(reports, job)) && received.size() >= 2);
            assertThat(received).hasSize(2);
            assertThat(received.get(0)).isInstanceOf(TaskStarted.class);
            var succeeded = (TaskSucceeded) received.get(1);
            assertThat(succeeded.warnings()).isEmpty();
            assertThat(succeeded.images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(succeeded.images()).allSatisfy(image -> {
                var tile = SampleSplits.image(store, image.key());
                assertThat(tile.getWidth()).isEqualTo(image.width()).isEqualTo(96);
                assertThat(tile.getHeight()).isEqualTo(image.height()).isEqualTo(80);
            });
            assertThat(status(worker, "/livez")).isEqualTo(200);
            assertThat(status(worker, "/readyz")).isEqualTo(200);
        }
    }

    @Test
    void taskForAnAddressIsSplitAndReported() throws Exception {
        var grid = SampleSplits.grid(3);
        var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/grid.png", exchange -> {
            try (exchange) {
                var file = SampleSplits.png(grid);
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file);
            }
        });
        web.start();
        try (var worker = worker(WebApplicationType.NONE, "--io.atelier.sources.remote.fetch-private=true");
                var reports = reports()) {
            var job = JobId.create(Instant.now(), new Random());
            var task = new SplitRequested(
                    job,
                    "split",
                    1,
                    3,
                    Instant.now(),
                    null,
                    SampleSplits.twoByTwo(),
                    List.of(),
                    null,
                    "http://127.0.0.1:%d/grid.png".formatted(web.getAddress().getPort()));

            worker.getBean(EventPublisher.class).publish(task).join();

            var received = new ArrayList<JobEvent>();
            await().atMost(TIMEOUT).until(() -> received.addAll(next(reports, job)) && received.size() >= 2);
            var succeeded = (TaskSucceeded) received.get(1);
            assertThat(succeeded.images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3);
            assertThat(succeeded.grids()).singleElement().satisfies(kept -> {
                var image = SampleSplits.image(worker.getBean(ObjectStore.class), kept.key());
                assertThat(image.getWidth()).isEqualTo(kept.width()).isEqualTo(grid.getWidth());
            });
        } finally {
            web.stop(0);
        }
    }

    @Test
    void workerRunsInsideAnotherProcessWithoutAWebServerAndWithItsThreeBindings() {
        try (var worker = worker(WebApplicationType.NONE)) {
            assertThat(worker.isActive()).isTrue();
            assertThat(worker.getEnvironment().getProperty("local.server.port")).isNull();
            // The libraries of the gateway are on this class path, as in the standalone process.
            assertThat(worker.getBeanDefinitionNames())
                    .noneMatch(GATEWAY_ONLY.asMatchPredicate())
                    .contains("splits");
            var bindings = worker.getBean(BindingsLifecycleController.class);
            assertThat(bindings.queryStates())
                    .extracting(binding -> binding.get("bindingName"))
                    .containsExactlyInAnyOrder("cancellations-in-0", "heartbeats-out-0", "progress-out-0");
            assertThat(Stream.of("cancellations-in-0", "heartbeats-out-0", "progress-out-0")
                            .flatMap(name -> bindings.queryState(name).stream()))
                    .hasSize(3)
                    .allMatch(Binding::isRunning);
        }
    }

    private static ConfigurableApplicationContext worker(WebApplicationType web, String... arguments) {
        var all = new ArrayList<>(List.of(
                "--server.port=0",
                "--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers(),
                "--io.atelier.storage.endpoint=" + server.endpoint(),
                "--io.atelier.storage.access-key=splitter",
                "--io.atelier.storage.secret-key=splitter-secret"));
        all.addAll(List.of(arguments));
        return SplitterApplication.application().web(web).run(all.toArray(String[]::new));
    }

    private static KafkaConsumer<String, byte[]> reports() {
        var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(Topic.TASK_REPORTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static List<JobEvent> next(KafkaConsumer<String, byte[]> reports, JobId job) {
        var events = new ArrayList<JobEvent>();
        for (var record : reports.poll(Duration.ofMillis(100))) {
            EventCodec.event(record.headers(), record.value())
                    .filter(event -> event.job().equals(job))
                    .ifPresent(event -> events.addAll(EndReport.eventsIn(event)));
        }
        return events;
    }

    private static int status(ConfigurableApplicationContext worker, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + worker.getEnvironment().getProperty("local.server.port") + path);
        var request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
