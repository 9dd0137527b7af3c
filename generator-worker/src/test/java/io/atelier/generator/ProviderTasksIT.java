package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Tasks for an engine on another server, one at a time, with a real broker, a real HTTP server and a real object store. */
class ProviderTasksIT {

    private static final String ENGINE = "cloudflare-flux";
    private static final MockResponse IMAGE = ProviderStub.png(64, 64);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    @TempDir
    private static Path folder;

    private static final ProviderStub PROVIDER = new ProviderStub();
    private static EmbeddedServers servers;
    private static ConfigurableApplicationContext worker;
    private static TaskFixtures tasks;
    private static TaskReports reports;

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.start(folder);
        worker = worker();
        tasks = new TaskFixtures(servers.bootstrapServers());
        reports = new TaskReports(servers.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        reports.close();
        tasks.close();
        worker.close();
        servers.close();
        PROVIDER.close();
    }

    @Test
    @DisplayName("With one slot, tasks reach the provider strictly in their order")
    void withOneSlotTasksReachTheProviderInTheirOrder() throws Exception {
        // One task takes longer, and one call is retried: no other task may overtake them.
        PROVIDER.then(IMAGE, ProviderStub.after(300, IMAGE), ProviderStub.status(502))
                .always(IMAGE);

        var jobs = publish("card", 30);

        allSucceed(jobs);
        assertThat(prompts("card"))
                .containsExactlyElementsOf(Stream.concat(numbered("card", 0, 3), numbered("card", 2, 30))
                        .toList());
    }

    @Test
    @DisplayName("A task that a stopped worker gave back is the first that the next worker takes")
    void aReturnedTaskKeepsItsPlace() throws Exception {
        PROVIDER.then(IMAGE, ProviderStub.silence()).always(IMAGE);
        var jobs = publish("tile", 10);
        awaitCalls("tile", 2);

        worker.close();
        worker = worker();

        allSucceed(jobs);
        assertThat(prompts("tile"))
                .containsExactlyElementsOf(Stream.concat(numbered("tile", 0, 2), numbered("tile", 1, 10))
                        .toList());
    }

    @Test
    @DisplayName("A store that is away for 5 s while an image is stored causes no second call of the provider")
    void anImageIsStoredAfterAnOutageOfTheStore() throws Exception {
        PROVIDER.always(call -> {
            servers.stopStore();
            return IMAGE;
        });

        var job = tasks.publish(ENGINE, "a castle");
        awaitCalls("a castle", 1);

        assertThat(reports.of(job, 2, OUTAGE)).singleElement().isInstanceOf(TaskStarted.class);
        servers.startStoreAgain();
        var received = reports.of(job, 2);
        assertThat(received).hasSize(2);
        var succeeded = (TaskSucceeded) received.get(1);
        assertThat(succeeded.attempt()).isEqualTo(1);
        assertThat(width(succeeded)).isEqualTo(64);
        assertThat(prompts("a castle")).hasSize(1);
    }

    private static ConfigurableApplicationContext worker() {
        var settings = new ArrayList<String>();
        Collections.addAll(settings, servers.settings());
        Collections.addAll(
                settings,
                "--FLUX_WORKER_URL=" + PROVIDER.url("/"),
                "--ATELIER_REMOTE_SLOTS=1",
                "--io.atelier.engines.cloudflare.flux.remote.retry.base-interval=10ms",
                "--io.atelier.lease.stop-grace-period=0s");
        return GeneratorApplication.application().web(WebApplicationType.NONE).run(settings.toArray(String[]::new));
    }

    private static List<JobId> publish(String name, int count) throws InterruptedException {
        var jobs = new ArrayList<JobId>();
        for (int i = 0; i < count; i++) {
            jobs.add(tasks.publish(ENGINE, name + " " + i));
        }
        return jobs;
    }

    private static Stream<String> numbered(String name, int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> name + " " + number);
    }

    /** The prompts with this prefix that the provider received, in order. */
    private static List<String> prompts(String name) {
        return PROVIDER.calls().stream()
                .map(call -> HttpUrl.parse("http://provider" + call.path()))
                .map(url -> String.valueOf(url.queryParameter("prompt")))
                .filter(prompt -> prompt.startsWith(name))
                .toList();
    }

    private static void awaitCalls(String name, int count) {
        Awaitility.await("calls of the provider")
                .atMost(TIMEOUT)
                .until(() -> prompts(name).size() == count);
    }

    /** Ignores earlier reports: a worker that was stopped has reported the start of its task, and the next one reports it again. */
    private static void allSucceed(List<JobId> jobs) {
        for (var job : jobs) {
            Awaitility.await("the success of " + job).atMost(TIMEOUT).until(() -> {
                var received = reports.of(job, Integer.MAX_VALUE, Duration.ofMillis(10));
                return !received.isEmpty() && received.get(received.size() - 1) instanceof TaskSucceeded;
            });
        }
    }

    private static int width(TaskSucceeded succeeded) throws Exception {
        var key = new ObjectKey(succeeded.images().get(0).key());
        try (var content = worker.getBean(ObjectStore.class).open(key, null).get(30, TimeUnit.SECONDS)) {
            return ImageIO.read(new ByteArrayInputStream(content.stream().readAllBytes()))
                    .getWidth();
        }
    }
}
