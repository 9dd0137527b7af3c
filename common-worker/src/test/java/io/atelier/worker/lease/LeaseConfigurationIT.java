package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Samples;
import io.atelier.messaging.SharedBroker;
import io.atelier.messaging.settings.SettingRefused;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The lease configuration as services import it. */
final class LeaseConfigurationIT {

    private final String pool = "pool-" + UUID.randomUUID();
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withPropertyValues(
                    "io.atelier.messaging.bootstrap-servers=" + SharedBroker.bootstrapServers(),
                    "io.atelier.messaging.component=test",
                    "io.atelier.messaging.pools=" + pool);

    @Test
    void messagingAloneHasAPublisherAndNoTaskConsumers() {
        context.withUserConfiguration(MessagingConfiguration.class).run(gateway -> {
            assertThat(gateway).hasSingleBean(EventPublisher.class).doesNotHaveBean(TaskConsumerFactory.class);
            assertThat(gateway.getBean(EventPublisher.class).publish(Samples.started()))
                    .succeedsWithin(30, TimeUnit.SECONDS);
        });
    }

    @Test
    void workerHandlesAPublishedTask() {
        context.withUserConfiguration(WorkerApplication.class).run(worker -> {
            assertThat(worker.getBean(EventPublisher.class).publish(Samples.requested(pool, "generate")))
                    .succeedsWithin(30, TimeUnit.SECONDS);

            assertThat(worker.getBean(WorkerApplication.class).handled.poll(30, TimeUnit.SECONDS))
                    .isEqualTo("generate");
            assertThat(worker.getBean(TaskConsumer.class).isRunning()).isTrue();
        });
    }

    @Test
    void invalidSettingsFailTheStart() {
        context.withUserConfiguration(MessagingConfiguration.class)
                .withPropertyValues("io.atelier.messaging.replication=0")
                .run(gateway -> assertThat(gateway)
                        .getFailure()
                        .isInstanceOf(SettingRefused.class)
                        .hasMessageContaining("io.atelier.messaging.replication is '0'"));
        context.withUserConfiguration(WorkerApplication.class)
                .withPropertyValues("io.atelier.lease.renew-interval=20s")
                .run(worker -> assertThat(worker)
                        .getFailure()
                        .isInstanceOf(SettingRefused.class)
                        .hasMessageContaining("io.atelier.lease.lock-timeout"));
    }

    @Configuration(proxyBeanMethods = false)
    @Import({MessagingConfiguration.class, LeaseConfiguration.class})
    static class WorkerApplication {

        private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

        @Bean
        TaskConsumer<GenerationRequested> consumer(TaskConsumerFactory consumers, MessagingProperties properties) {
            var queue = TaskQueue.generations(properties.pools().get(0));
            return consumers.create(queue, 1, Samples.WORKER, lease -> {
                handled.add(lease.task().task());
                return Disposition.ACCEPT;
            });
        }
    }
}
