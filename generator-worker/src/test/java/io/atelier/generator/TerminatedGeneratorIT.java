package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.generator.provider.ProviderStub;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** SIGTERM for a generator process whose engine waits for an answer. */
class TerminatedGeneratorIT {

    private static final String ENGINE = "cloudflare-flux";
    /** What a JVM that a signal ended in order gives: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    private static final MockResponse IMAGE = ProviderStub.png(64, 64);
    private static final MockResponse SLOW_IMAGE = ProviderStub.after(5_000, IMAGE);

    @TempDir
    private static Path folder;

    private static final ProviderStub PROVIDER = new ProviderStub();
    private static EmbeddedServers servers;
    private static TaskFixtures desk;

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.start(folder);
        desk = new TaskFixtures(servers.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        desk.close();
        servers.close();
        PROVIDER.close();
    }

    @Test
    @DisplayName("B-19: a picture of 5 s that is under way at SIGTERM is finished, and never paid again")
    void imageUnderWayIsFinished() throws Exception {
        PROVIDER.then(SLOW_IMAGE).always(IMAGE);

        var job = terminatedWhileDrawing("a castle");

        var told = toldOnceSomebodyElseWorks(job, "a castle");
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).isInstanceOf(TaskStarted.class);
        assertThat(((TaskSucceeded) told.get(1)).attempt()).isEqualTo(1);
        assertThat(asked("a castle")).isEqualTo(1);
    }

    @Test
    @DisplayName("B-19: a picture that would take longer than the grace goes to another worker, once")
    void imageThatTakesLongerThanTheGraceIsDrawnByAnother() throws Exception {
        PROVIDER.then(ProviderStub.silence()).always(IMAGE);

        var job = terminatedWhileDrawing("a moat", "--io.atelier.lease.stop-grace-period=500ms");

        var told = toldOnceSomebodyElseWorks(job, "a moat");
        assertThat(told).hasSize(3);
        assertThat(((TaskStarted) told.get(0)).attempt()).isEqualTo(1);
        assertThat(((TaskStarted) told.get(1)).attempt()).isEqualTo(2);
        assertThat(((TaskSucceeded) told.get(2)).attempt()).isEqualTo(2);
        assertThat(asked("a moat")).isEqualTo(2);
    }

    /** Orders a picture of a process that is terminated while its provider draws; returns when the process has ended. */
    private static JobId terminatedWhileDrawing(String prompt, String... more) throws InterruptedException {
        try (var process = GeneratorProcess.start(folder.resolve(prompt + ".out"), settings(more))) {
            var job = desk.order(ENGINE, prompt);
            Awaitility.await("the provider to be asked")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> asked(prompt) == 1);

            process.terminate();

            assertThat(process.status()).as(process.output()).isEqualTo(TERMINATED);
            return job;
        }
    }

    /** What was told of a job when a worker that came later has done all that was left, and one order more. */
    private static List<JobEvent> toldOnceSomebodyElseWorks(JobId job, String prompt) throws InterruptedException {
        var next = desk.order(ENGINE, prompt + " and more");
        try (var worker = worker();
                var reports = new TaskReports(servers.bootstrapServers())) {
            assertThat(worker.isRunning()).isTrue();
            assertThat(reports.of(next, 2)).hasSize(2);
            return reports.of(job, 0);
        }
    }

    private static ConfigurableApplicationContext worker() {
        return GeneratorApplication.application()
                .web(WebApplicationType.NONE)
                .run(settings().toArray(String[]::new));
    }

    private static List<String> settings(String... more) {
        var settings = new ArrayList<String>();
        Collections.addAll(settings, servers.settings());
        Collections.addAll(settings, "--FLUX_WORKER_URL=" + PROVIDER.url("/"), "--ATELIER_REMOTE_SLOTS=1");
        Collections.addAll(settings, more);
        return settings;
    }

    private static int asked(String prompt) {
        var query = "prompt=" + prompt.replace(" ", "%20");
        return (int) PROVIDER.calls().stream()
                .filter(call -> call.path().endsWith(query))
                .count();
    }
}
