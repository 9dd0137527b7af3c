package io.atelier.gateway.lifecycle;

import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.gateway.streams.StateDirectory;
import io.atelier.gateway.streams.StreamsProperties;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.KStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.config.StreamsBuilderFactoryBeanConfigurer;

/** Configures the lifecycle, a Kafka Streams application. Requires {@code MessagingConfiguration} and {@code StreamsConfiguration}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LifecycleProperties.class)
public class LifecycleConfiguration {

    private static final Duration THREAD_REPLACEMENT_PAUSE = Duration.ofSeconds(5);

    /** The topology. The stream bindings of the gateway refer to this bean by its name. */
    @Bean
    Consumer<KStream<String, byte[]>> lifecycle(
            LifecycleProperties properties,
            StreamsProperties streams,
            MessagingProperties messaging,
            KafkaClientFactory clients,
            JobPartitions partitions,
            ReconciliationQueue reconciliations,
            ObjectProvider<MeterRegistry> meters) {
        var outputTopics = new HashSet<>(List.of(
                Topic.EVENTS,
                Topic.SPLIT_REQUESTED,
                Topic.PROMPT_REQUESTED,
                Topic.PUBLISH_REQUESTED,
                Topic.WEBHOOK_DELIVERIES));
        outputTopics.addAll(Topic.generationsRequested(messaging.pools()));
        return new LifecycleTopology(
                new EventCodec("lifecycle"),
                partitions,
                partition -> {
                    // With the group, offsets that it has committed can be read; it is not joined.
                    try (var consumer =
                            consumer(clients, Map.of(ConsumerConfig.GROUP_ID_CONFIG, LifecycleTopics.GROUP))) {
                        return new LastRecordIds(consumer, partitions, streams.startTimeout())
                                .ids(outputTopics, partition);
                    }
                },
                properties.cancelAnswerTimeout(),
                properties.erasedJobTtl(),
                reconciliations,
                new GenerationMetrics(meters.getIfAvailable(SimpleMeterRegistry::new)),
                TaskPlan.ofRequests());
    }

    @Bean
    JobPartitions jobPartitions(StreamsProperties streams) {
        return new JobPartitions(streams.lifecyclePartitions());
    }

    @Bean
    ReconciliationQueue reconciliationQueue(JobPartitions partitions, ObjectProvider<MeterRegistry> meters) {
        return new ReconciliationQueue(meters.getIfAvailable(SimpleMeterRegistry::new), partitions);
    }

    /** Does nothing without a bean of {@link PublishedJobs}. */
    @Bean
    ReconciliationScheduler reconciliationScheduler(
            LifecycleProperties properties,
            StreamsProperties streams,
            MessagingProperties messaging,
            KafkaClientFactory clients,
            JobPartitions partitions,
            ReconciliationQueue reconciliations,
            ObjectProvider<PublishedJobs> jobs) {
        var published = jobs.getIfAvailable(() -> PublishedJobs.NONE);
        return new ReconciliationScheduler(
                () -> {
                    try (var consumer = consumer(clients, Map.of());
                            var admin = clients.admin(Map.of())) {
                        return new TopicSurveyor(
                                        consumer,
                                        new GroupOffsets(admin, LifecycleTopics.GROUP, streams.startTimeout()),
                                        partitions,
                                        reconciliations.partitions(),
                                        messaging.pools(),
                                        published,
                                        InstantSource.system(),
                                        streams.startTimeout())
                                .survey();
                    }
                },
                published,
                reconciliations,
                properties.reconciliationGracePeriod(),
                properties.reconciliationInterval());
    }

    /** Static, because the post-processor must exist before the bindings do. */
    @Bean
    static BeanPostProcessor poolTopicBindings(Environment environment) {
        return new PoolTopicBindings(environment);
    }

    @Bean
    LifecycleThreadFailures lifecycleThreadFailures() {
        return new LifecycleThreadFailures(InstantSource.system(), THREAD_REPLACEMENT_PAUSE);
    }

    /** Primary, because the binder looks up a single bean of this type and finds Boot's own too. */
    @Bean
    @Primary
    StreamsBuilderFactoryBeanConfigurer lifecycleStreams(
            StateDirectory state, JobPartitions partitions, LifecycleThreadFailures failures) {
        // A stream task for each partition, and a core for each thread; the copying of the inputs takes little.
        int threads = Math.min(partitions.number(), Runtime.getRuntime().availableProcessors());
        return factory -> {
            var settings = Objects.requireNonNull(factory.getStreamsConfiguration());
            settings.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
            settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
            settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), state.instance());
            factory.setStreamsConfiguration(settings);
            // Replaces the binder's handler, which would stop the lifecycle for good at the first failed write.
            factory.setKafkaStreamsCustomizer(streams -> streams.setUncaughtExceptionHandler(failures));
        };
    }

    /** Looks for the streams when it is asked, since the binder creates them later. */
    @Bean
    LifecycleHealth lifecycleHealthIndicator(ObjectProvider<StreamsBuilderFactoryBean> factories) {
        return new LifecycleHealth(() -> factories.stream()
                .flatMap(factory -> Stream.ofNullable(factory.getKafkaStreams()))
                .map(KafkaStreams::state)
                .toList());
    }

    /** A consumer that commits nothing. */
    private static org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer(
            KafkaClientFactory clients, Map<String, String> own) {
        var settings = new HashMap<String, Object>(own);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return clients.consumer(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
