package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A provider that takes longer than a lock of the share group lasts, and longer than a consumer may go without a poll. Takes more than five
 * minutes, so it runs only in the profile {@code patience}.
 */
@Tag("patience")
class SlowProviderIT {

    private static final String ENGINE = "slow";
    private static final Duration RESPONSE_TIME = Duration.ofSeconds(
            Long.getLong("patience.seconds", Duration.ofSeconds(310).toSeconds()));

    @TempDir
    private Path folder;

    @Test
    @DisplayName("An answer after 310 s is accepted under a limit of 600 s, and the task is delivered once")
    void aResponseAfterMinutesIsAcceptedAndTheTaskIsDeliveredOnce() throws Exception {
        var servers = EmbeddedServers.start(folder);
        try (var provider = new ProviderStub();
                var tasks = new TaskFixtures(servers.bootstrapServers());
                var first = worker("first", servers, provider);
                // This worker is idle, so a task whose lease is lost is delivered to it at once.
                var idle = worker("idle", servers, provider);
                var reports = new TaskReports(servers.bootstrapServers())) {
            assertThat(List.of(first, idle)).allMatch(ConfigurableApplicationContext::isRunning);
            provider.then(ProviderStub.after(RESPONSE_TIME.toMillis(), image())).always(image());

            var job = tasks.publish(ENGINE, "a castle");

            var received = reports.of(job, 2, RESPONSE_TIME.plusMinutes(1));
            assertThat(received).hasSize(2);
            assertThat(received.get(0))
                    .isInstanceOfSatisfying(
                            TaskStarted.class,
                            started -> assertThat(started.attempt()).isEqualTo(1));
            assertThat(received.get(1))
                    .isInstanceOfSatisfying(
                            TaskSucceeded.class,
                            succeeded -> assertThat(succeeded.attempt()).isEqualTo(1));
            // Two tasks at once, one for each worker: a second delivery of the first task would come before them.
            var after = List.of(tasks.publish(ENGINE, "a moat"), tasks.publish(ENGINE, "a bridge"));
            for (var later : after) {
                assertThat(reports.of(later, 2)).hasSize(2).last().isInstanceOf(TaskSucceeded.class);
            }
            assertThat(reports.of(job, 3, Duration.ofSeconds(1))).isEqualTo(received);
            assertThat(provider.calls())
                    .filteredOn(call -> call.text().contains("a castle"))
                    .hasSize(1);
        } finally {
            servers.close();
        }
    }

    private static mockwebserver3.MockResponse image() {
        var png = Base64.getEncoder().encodeToString(SampleImages.png(1024, 1024));
        return ProviderStub.json(200, "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(png));
    }

    private static ConfigurableApplicationContext worker(String name, EmbeddedServers servers, ProviderStub provider) {
        var server = "--io.atelier.engines.openai.servers." + ENGINE;
        var settings = new ArrayList<String>();
        Collections.addAll(settings, servers.settings());
        Collections.addAll(
                settings,
                server + ".url=" + provider.url("/v1"),
                server + ".timeout=600s",
                "--ATELIER_WORKER_ID=" + name,
                "--ATELIER_REMOTE_SLOTS=1");
        return GeneratorApplication.application().web(WebApplicationType.NONE).run(settings.toArray(String[]::new));
    }
}
