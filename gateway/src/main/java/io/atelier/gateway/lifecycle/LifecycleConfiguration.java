package io.atelier.gateway.lifecycle;

import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.jobs.JobView;
import io.atelier.gateway.progress.ProgressBoard;
import io.atelier.gateway.queue.Backlog;
import io.atelier.gateway.workers.WorkerBoard;
import io.atelier.gateway.workers.WorkerTopicStart;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Provisioning;
import io.atelier.messaging.Topic;
import io.atelier.messaging.Wire;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.KStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.StreamsBuilderFactoryBeanConfigurer;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** Wires the lifecycle and the view of jobs. Needs {@code MessagingConfiguration} beside it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LifecycleProperties.class)
public class LifecycleConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleConfiguration.class);

    /** Takes the provisioning only to come after it: all that follows reads topics. */
    @Bean
    StateDirectory stateDirectory(
            LifecycleProperties properties, MessagingProperties messaging, Provisioning topicsFirst) {
        return StateDirectory.open(
                        properties.stateDirectory(), clusterId(messaging.bootstrapServers(), properties.patience()))
                .without("atelier-jobs-view");
    }

    @Bean
    Backlog backlog() {
        return new Backlog();
    }

    @Bean
    JobView jobs(MessagingProperties messaging, StateDirectory state, Backlog backlog) {
        var settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, messaging.bootstrapServers());
        // Names the folder of the store, too: a store of another form needs another name, and the former one is
        // deleted above. The second form has indexes.
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "atelier-jobs-view-2");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.POLL_MS_CONFIG, 20);
        return new JobView(settings, backlog);
    }

    /** Named in gateway's stream bindings. */
    @Bean
    Consumer<KStream<String, byte[]>> lifecycle(LifecycleProperties properties, MessagingProperties messaging) {
        var topics = new HashSet<>(List.of(Topic.EVENTS, Topic.SPLIT_REQUESTED));
        messaging.pools().forEach(pool -> topics.add(Topic.generationRequested(pool)));
        return new LifecycleTopology(
                new Wire("lifecycle"),
                () -> {
                    try (var consumer = new KafkaConsumer<>(tailSettings(messaging.bootstrapServers()))) {
                        return new TopicTail(consumer, properties.patience()).ids(topics);
                    }
                },
                new LifecycleTask.Times(properties.cancelPatience(), properties.rememberErased()));
    }

    /** Static, for it has to be there before the bindings are. */
    @Bean
    static BeanPostProcessor lifecycleInputs(Environment environment) {
        return new LifecycleInputs(environment);
    }

    /** Primary, because the binder asks for the only one, and would take none beside Boot's own. */
    @Bean
    @Primary
    StreamsBuilderFactoryBeanConfigurer lifecycleStreams(StateDirectory state) {
        return factory -> {
            var settings = Objects.requireNonNull(factory.getStreamsConfiguration());
            settings.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
            settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), state.instance());
            factory.setStreamsConfiguration(settings);
            // The binder's own handler, set before this one, would end the lifecycle for good at the first broken
            // write.
            factory.setKafkaStreamsCustomizer(streams -> streams.setUncaughtExceptionHandler(exception -> {
                LOG.error("A thread of the lifecycle ended and is replaced.", exception);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }));
        };
    }

    @Bean
    ProgressBoard progressBoard() {
        return new ProgressBoard();
    }

    /** Named in gateway's stream bindings. */
    @Bean
    Consumer<Message<byte[]>> progress(ProgressBoard board) {
        return message -> board.post(Wire.read(message.getPayload(), TaskProgress.class));
    }

    @Bean
    WorkerBoard workerBoard() {
        return new WorkerBoard(Clock.systemUTC());
    }

    /** Named in gateway's stream bindings. */
    @Bean
    Consumer<Message<byte[]>> workers(WorkerBoard board) {
        return message -> {
            var headers = message.getHeaders();
            board.read(
                    Wire.read(message.getPayload(), WorkerAnnounced.class),
                    Objects.requireNonNull(headers.get(KafkaHeaders.OFFSET, Long.class)),
                    Instant.ofEpochMilli(
                            Objects.requireNonNull(headers.get(KafkaHeaders.RECEIVED_TIMESTAMP, Long.class))));
        };
    }

    @Bean
    WorkerTopicStart workerTopicStart(WorkerBoard board) {
        return new WorkerTopicStart(board, Topic.WORKERS);
    }

    private static Map<String, Object> tailSettings(String brokers) {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false);
    }

    private static String clusterId(String brokers, Duration patience) {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) patience.toMillis());
        try (var admin = Admin.create(settings)) {
            return admin.describeCluster().clusterId().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "No Kafka broker answered at %s within %d s.".formatted(brokers, patience.toSeconds()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a Kafka broker", e);
        }
    }
}
