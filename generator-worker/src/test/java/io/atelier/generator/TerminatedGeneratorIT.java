package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.generator.provider.ProviderStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mockwebserver3.MockResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** SIGTERM for a generator process while its engine waits for a response. */
@Tag("processes")
class TerminatedGeneratorIT {

    private static final String ENGINE = "cloudflare-flux";
    /** Exit status of a JVM after SIGTERM: 128 plus the number of the signal. */
    private static final int TERMINATED = 143;

    private static final MockResponse IMAGE = ProviderStub.png(64, 64);
    private static final MockResponse SLOW_IMAGE = ProviderStub.after(5_000, IMAGE);

    @TempDir
    private static Path folder;

    private static final ProviderStub PROVIDER = new ProviderStub();
    private static EmbeddedServers servers;
    private static TaskFixtures tasks;
    private static List<JobEvent> castle;
    private static List<JobEvent> moat;

    /** Terminates one process for each test; then another worker processes what they left. */
    @BeforeAll
    static void terminateDuringCalls() throws InterruptedException {
        servers = EmbeddedServers.start(folder);
        tasks = new TaskFixtures(servers.bootstrapServers());

        PROVIDER.then(SLOW_IMAGE).always(IMAGE);
        var finished = terminateDuringCall("a castle");
        PROVIDER.then(ProviderStub.silence()).always(IMAGE);
        var abandoned = terminateDuringCall("a moat", "--io.atelier.lease.stop-grace-period=500ms");

        var next = tasks.publish(ENGINE, "a bridge");
        try (var worker = worker();
                var reports = new TaskReports(servers.bootstrapServers())) {
            assertThat(worker.isRunning()).isTrue();
            assertThat(reports.of(next, 2)).hasSize(2);
            castle = reports.of(finished, 0);
            // The slot takes the next task while the report of this one is sent, so that it may come last.
            moat = reports.of(abandoned, 3);
        }
    }

    @AfterAll
    static void stop() {
        tasks.close();
        servers.close();
        PROVIDER.close();
    }

    @Test
    @DisplayName("An image that takes 5 s and is in progress at SIGTERM is finished, with one call of the provider")
    void anImageInProgressIsFinished() {
        assertThat(castle).hasSize(2);
        assertThat(castle.get(0)).isInstanceOf(TaskStarted.class);
        assertThat(((TaskSucceeded) castle.get(1)).attempt()).isEqualTo(1);
        assertThat(calls("a castle")).isEqualTo(1);
    }

    @Test
    @DisplayName("A task that takes longer than the grace period goes to another worker, once")
    void aTaskThatTakesLongerThanTheGracePeriodGoesToAnotherWorker() {
        assertThat(moat).hasSize(3);
        assertThat(((TaskStarted) moat.get(0)).attempt()).isEqualTo(1);
        assertThat(((TaskStarted) moat.get(1)).attempt()).isEqualTo(2);
        assertThat(((TaskSucceeded) moat.get(2)).attempt()).isEqualTo(2);
        assertThat(calls("a moat")).isEqualTo(2);
    }

    @Test
    @DisplayName("Native libraries are unpacked to the data folder, not to the temporary folder at each start")
    void nativeLibrariesAreInTheDataFolder() throws IOException {
        try (var unpacked = Files.walk(folder.resolve("a castle/data/native"));
                var temporary = Files.walk(folder.resolve("a castle/tmp"))) {
            var library = System.mapLibraryName("onnxruntime");
            assertThat(unpacked).anyMatch(file -> file.endsWith(library));
            assertThat(temporary).noneMatch(file -> file.endsWith(library));
        }
    }

    /** Publishes a task and terminates the process during the call of the provider; returns when the process has ended. */
    private static JobId terminateDuringCall(String prompt, String... further) throws InterruptedException {
        try (var process = GeneratorProcess.start(folder.resolve(prompt), settings(further))) {
            var job = tasks.publish(ENGINE, prompt);
            Awaitility.await("a call of the provider")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> calls(prompt) == 1);

            process.terminate();

            assertThat(process.exitStatus()).as(process.output()).isEqualTo(TERMINATED);
            return job;
        }
    }

    private static ConfigurableApplicationContext worker() {
        return GeneratorApplication.application()
                .web(WebApplicationType.NONE)
                .run(settings().toArray(String[]::new));
    }

    private static List<String> settings(String... further) {
        var settings = new ArrayList<String>();
        Collections.addAll(settings, servers.settings());
        Collections.addAll(settings, "--FLUX_WORKER_URL=" + PROVIDER.url("/"), "--ATELIER_REMOTE_SLOTS=1");
        Collections.addAll(settings, further);
        return settings;
    }

    private static int calls(String prompt) {
        var query = "prompt=" + prompt.replace(" ", "%20");
        return (int) PROVIDER.calls().stream()
                .filter(call -> call.path().endsWith(query))
                .count();
    }
}
