package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.messaging.EventPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Two workers of a pool, one of which has a model, on a real broker. */
class LocalModelWorkersIT {

    private static final String OWNER = "owner";
    private static final int TASKS = 12;

    @TempDir
    private static Path folder;

    private static EmbeddedServers servers;
    private static List<ConfigurableApplicationContext> workers = List.of();
    private static TaskReports reports;

    @BeforeAll
    static void start() throws Exception {
        servers = EmbeddedServers.start(folder);
        var models = Files.createDirectories(folder.resolve("models"));
        copy(
                Path.of(Objects.requireNonNull(LocalModelWorkersIT.class.getResource("/diffusers-tiny/sd15"))
                        .toURI()),
                models.resolve("tiny"));
        var none = Files.createDirectories(folder.resolve("no-models"));
        workers = List.of(worker(OWNER, models.toString()), worker("other", none.toString()));
        reports = new TaskReports(servers.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        reports.close();
        workers.forEach(ConfigurableApplicationContext::close);
        servers.close();
    }

    @DisplayName(
            "Tasks for a model that one worker of the pool has succeed there, at their first attempts, whoever leases them")
    @Test
    void tasksReachTheWorkerThatHasTheirModel() throws Exception {
        var tasks = Stream.generate(LocalModelWorkersIT::task).limit(TASKS).toList();

        for (var task : tasks) {
            publish(task);
        }

        for (var task : tasks) {
            var received = reports.of(task.job(), 2);
            assertThat(received).hasSize(2).last().isInstanceOf(TaskSucceeded.class);
            var succeeded = (TaskSucceeded) received.get(1);
            assertThat(succeeded.worker().id()).isEqualTo(OWNER);
            assertThat(succeeded.attempt()).isEqualTo(1);
        }
    }

    @DisplayName(
            "A request to unload a model reaches the worker that has it in memory, and the next task loads it again")
    @Test
    void modelIsUnloadedOnRequest() throws Exception {
        var first = task();
        publish(first);
        reports.of(first.job(), 2);
        assertThat(isLoaded()).isTrue();

        workers.get(1)
                .getBean(EventPublisher.class)
                .publish(new ModelUnloadRequested("local/tiny", Instant.now()))
                .get(30, TimeUnit.SECONDS);

        await().atMost(Duration.ofSeconds(30)).until(() -> !isLoaded());
        var second = task();
        publish(second);
        assertThat(reports.of(second.job(), 2)).last().isInstanceOf(TaskSucceeded.class);
    }

    private static boolean isLoaded() {
        return workers.get(0).getBean(EngineRegistry.class).models().get(0).loaded();
    }

    private static void publish(GenerationRequested task) throws Exception {
        workers.get(0).getBean(EventPublisher.class).publish(task).get(30, TimeUnit.SECONDS);
    }

    private static ConfigurableApplicationContext worker(String id, String models) {
        var own = Stream.of("--ATELIER_WORKER_ID=" + id, "--ATELIER_MODELS=" + models, "--ATELIER_REMOTE_SLOTS=0");
        return GeneratorApplication.application()
                .web(WebApplicationType.NONE)
                .run(Stream.concat(Stream.of(servers.settings()), own).toArray(String[]::new));
    }

    private static GenerationRequested task() {
        var now = Instant.now();
        var request = GenerationRequest.builder()
                .prompt("a cat")
                .model("tiny")
                .requestedModel("tiny")
                .metadata(Metadata.NONE)
                .engine("local/tiny")
                .pool("default")
                .n(1)
                .size(new ImageSize(64, 64))
                .steps(1)
                .seed(1)
                .build();
        return new GenerationRequested(JobId.create(now, new SecureRandom()), "generate", 1, 3, now, null, request);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
    }
}
