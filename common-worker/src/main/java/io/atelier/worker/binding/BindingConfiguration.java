package io.atelier.worker.binding;

import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.TopicProvisioner;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.CancellationListener;
import io.atelier.worker.cancellation.WorkerCommands;
import io.atelier.worker.presence.WorkerHeartbeat;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.PublishSubscribeChannel;
import org.springframework.integration.context.IntegrationContextUtils;
import org.springframework.kafka.support.KafkaHeaderMapper;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.kafka.support.SimpleKafkaHeaderMapper;
import org.springframework.messaging.Message;
import org.springframework.util.function.SingletonSupplier;

/** The functions that worker.yml binds to topics. */
@Configuration(proxyBeanMethods = false)
public class BindingConfiguration {

    /** Takes the provisioner to come after it: the topics must exist before a binding starts. */
    @Bean
    CancellationListener cancellationListener(
            KafkaClientFactory clients, CanceledJobs canceled, WorkerCommands commands, TopicProvisioner topicsFirst) {
        return new CancellationListener(clients, canceled, commands, Clock.systemUTC());
    }

    @Bean
    WorkerCommands workerCommands() {
        return new WorkerCommands();
    }

    /** Named in worker.yml. */
    @Bean
    Consumer<Message<byte[]>> cancellations(CancellationListener listener) {
        return listener::receive;
    }

    /**
     * The scheduler polls the suppliers until the last heartbeat has left: by default it ends as soon as the context begins to close, and stops before
     * all other beans.
     */
    @Bean
    ThreadPoolTaskSchedulerCustomizer pollsUntilAllHaveStopped() {
        return scheduler -> {
            scheduler.setAcceptTasksAfterContextClose(true);
            scheduler.setPhase(0);
        };
    }

    /** Named in worker.yml. Polled: null means that no heartbeat is due. */
    @Bean
    Supplier<@Nullable Message<byte[]>> heartbeats(
            ObjectProvider<WorkerHeartbeat> heartbeats, MessagingProperties properties) {
        var codec = new EventCodec(properties.component());
        // Looked up at the first poll, when all have been created, and not several times a second.
        var all = SingletonSupplier.of(() -> heartbeats.stream().toList());
        return () -> all.obtain().stream()
                .flatMap(heartbeat -> heartbeat.due().stream())
                .findFirst()
                .map(worker -> RecordMessages.of(codec.record(worker)))
                .orElse(null);
    }

    @Bean
    ProgressOutbox progressOutbox() {
        return new ProgressOutbox();
    }

    /** Named in worker.yml. Polled: null means that no progress waits. */
    @Bean
    Supplier<@Nullable Message<byte[]>> progress(ProgressOutbox outbox, MessagingProperties properties) {
        var codec = new EventCodec(properties.component());
        return () -> outbox.next()
                .map(progress -> RecordMessages.of(codec.record(progress)))
                .orElse(null);
    }

    /** Named in worker.yml. The default mapper would write header values as JSON. */
    @Bean
    KafkaHeaderMapper recordHeaderMapper() {
        return new SimpleKafkaHeaderMapper("ce_*", "content-type");
    }

    /** Replaces Spring's channel of errors, which has a handler of its own. */
    @Bean(IntegrationContextUtils.ERROR_CHANNEL_BEAN_NAME)
    PublishSubscribeChannel errorChannel() {
        var channel = new PublishSubscribeChannel();
        channel.subscribe(new BindingErrorLog());
        return channel;
    }

    @Bean
    ProducerListener<Object, Object> producerOutageLog() {
        return new ProducerOutageLog();
    }
}
