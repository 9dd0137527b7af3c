package io.atelier.gateway.lifecycle;

import io.atelier.gateway.streams.StateDirectory;
import io.atelier.gateway.streams.StreamsProperties;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
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

/** The job lifecycle, as a Kafka Streams topology. Needs {@code MessagingConfiguration} and {@code StreamsConfiguration} beside it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LifecycleProperties.class)
public class LifecycleConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleConfiguration.class);

    /** Named in the gateway's stream bindings. */
    @Bean
    Consumer<KStream<String, byte[]>> lifecycle(
            LifecycleProperties properties, StreamsProperties streams, MessagingProperties messaging) {
        var topics = new HashSet<>(List.of(Topic.EVENTS, Topic.SPLIT_REQUESTED));
        messaging.pools().forEach(pool -> topics.add(Topic.generationRequested(pool)));
        return new LifecycleTopology(
                new EventCodec("lifecycle"),
                () -> {
                    try (var consumer = new KafkaConsumer<>(idReaderSettings(messaging.bootstrapServers()))) {
                        return new LastRecordIds(consumer, streams.startTimeout()).ids(topics);
                    }
                },
                new LifecycleProcessor.Times(properties.cancelAnswerTimeout(), properties.erasedJobTtl()));
    }

    /** Static, for it has to be there before the bindings are. */
    @Bean
    static BeanPostProcessor poolTopicBindings(Environment environment) {
        return new PoolTopicBindings(environment);
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

    private static Map<String, Object> idReaderSettings(String brokers) {
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
}
