package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventPublisher;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** The worker as a guest in another application's JVM, on a real broker and a real store. */
class GeneratorWorkerIT {

    @TempDir
    private static Path folder;

    private static EmbeddedServers servers;
    private static ConfigurableApplicationContext worker;
    private static TaskReports reports;

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.start(folder);
        worker = GeneratorApplication.application().web(WebApplicationType.NONE).run(servers.settings());
        reports = new TaskReports(servers.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        reports.close();
        worker.close();
        servers.close();
    }

    @Test
    void anOrderOnTheTopicBecomesPicturesThatCanBeReadWhenTheyAreReported() throws Exception {
        var order = order(Orders.request("a cat", 2));

        publish(order);

        var told = reports.of(order.job(), 2);
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).isInstanceOf(TaskStarted.class);
        var succeeded = (TaskSucceeded) told.get(1);
        assertThat(succeeded.images()).hasSize(2);
        for (var image : succeeded.images()) {
            var bytes = read(new ObjectKey(image.key()));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                    .isEqualTo(image.sha256());
            var picture = ImageIO.read(new ByteArrayInputStream(bytes));
            assertThat(picture.getWidth()).isEqualTo(96);
            assertThat(picture.getHeight()).isEqualTo(64);
        }
    }

    @Test
    void aRequestThatTheEngineRefusesIsReportedAsFailed() throws Exception {
        var order = order(Orders.request("fail:rejected", 1));

        publish(order);

        var told = reports.of(order.job(), 2);
        assertThat(told).hasSize(2);
        assertThat(((TaskFailed) told.get(1)).failure().code()).isEqualTo(Code.REQUEST_REJECTED);
    }

    @Test
    void manyOrdersAreEachDoneOnce() throws Exception {
        var many = Stream.generate(() -> order(Orders.request("one of many", 1)))
                .limit(40)
                .toList();

        for (var order : many) {
            publish(order);
        }

        for (var order : many) {
            assertThat(reports.of(order.job(), 2)).hasSize(2).last().isInstanceOf(TaskSucceeded.class);
        }
    }

    @Test
    void nothingOfTheGatewayIsStartedInTheWorkersContext() {
        var foreign = Pattern.compile(
                ".*(springframework\\.cloud|springdoc|kafka\\.streams|\\.integration\\.|kafka\\.autoconfigure).*");

        assertThat(worker.getBeanDefinitionNames()).noneMatch(foreign.asMatchPredicate());
        assertThat(worker.getBeansOfType(Object.class).values())
                .extracting(bean -> bean.getClass().getName())
                .noneMatch(foreign.asMatchPredicate());
        assertThat(worker).isNotInstanceOf(WebServerApplicationContext.class);
        // The test proves something only while the gateway's libraries are here.
        assertThat(ClassUtils.isPresent("org.springframework.cloud.stream.binding.BindingService", null))
                .isTrue();
    }

    private static void publish(GenerationRequested order) throws Exception {
        worker.getBean(EventPublisher.class).publish(order).get(30, TimeUnit.SECONDS);
    }

    private static byte[] read(ObjectKey key) throws Exception {
        try (var content = worker.getBean(ObjectStore.class).open(key, null).get(30, TimeUnit.SECONDS)) {
            return content.stream().readAllBytes();
        }
    }

    private static GenerationRequested order(GenerationRequest request) {
        var now = Instant.now();
        return new GenerationRequested(JobId.create(now, new SecureRandom()), "generate", 1, 3, now, null, request);
    }
}
