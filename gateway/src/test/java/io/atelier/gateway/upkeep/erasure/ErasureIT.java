package io.atelier.gateway.upkeep.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;

/** The erasers as a consumer group with the binder and a real broker. */
class ErasureIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Random RANDOM = new Random(1);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaProducer<String, byte[]> producer;

    private final InMemoryObjectStore store = new InMemoryObjectStore();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder, 0);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close(Duration.ofSeconds(5));
        broker.close();
    }

    @Test
    void erasureSurvivesAnOutageOfTheStoreAndARestartOfTheGateway() throws Exception {
        var first = storeImage();
        var second = storeImage();
        var kept = storeImage();
        try (var gateway = start()) {
            erase(first);
            await().atMost(TIMEOUT).until(() -> !exists(first));

            store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
            erase(second);
            // Several attempts; the binder alone would make three and then continue.
            await().atMost(TIMEOUT).until(() -> lag(gateway) == 1);
        }
        assertThat(exists(second)).isTrue();

        store.recover();
        try (var another = start()) {
            await().atMost(TIMEOUT).until(() -> !exists(second));
            await().atMost(TIMEOUT).until(() -> lag(another) == 0);
        }
        assertThat(exists(kept)).isTrue();
    }

    @Test
    void eraserContinuesWhenTheStoreIsBack() throws Exception {
        var job = storeImage();
        store.failAlways(ObjectStoreFailed.Kind.REFUSED);
        try (var gateway = start()) {
            erase(job);
            await().atMost(TIMEOUT).until(() -> lag(gateway) == 1);

            store.recover();

            await().atMost(TIMEOUT).until(() -> !exists(job) && lag(gateway) == 0);
        }
    }

    private JobId storeImage() {
        var job = JobId.create(Instant.now(), RANDOM);
        store.put(new ObjectKey(JobFolder.image(job, "generate", 1, 0)), new byte[1], "image/png", Map.of())
                .join();
        return job;
    }

    private boolean exists(JobId job) {
        return store.keys().contains(JobFolder.image(job, "generate", 1, 0));
    }

    /** The number of events that the group has not committed, from the metrics of the gateway. */
    private static double lag(ConfigurableApplicationContext gateway) {
        return gateway.getBean(MeterRegistry.class)
                .get("atelier.erasure.lag")
                .gauge()
                .value();
    }

    private static void erase(JobId job) throws Exception {
        var now = Instant.now();
        var erased =
                new GenerationEvent.Erased(job, 4, JobStatus.SUCCEEDED, "erased", now, new Job.Erasure(now, false));
        producer.send(new EventCodec("test").record(erased, job + "/4")).get(30, TimeUnit.SECONDS);
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=lifecycle")
                .initializers(context -> context.getBeanFactory().registerSingleton("store", store))
                .run(
                        "--spring.cloud.function.definition=eraser",
                        "--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers());
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(MessagingConfiguration.class)
    static class App {

        @Bean
        Consumer<Message<byte[]>> eraser(ObjectStore store, MeterRegistry meters) {
            return new Eraser(store, new CopyRemoval(store, new InMemoryObjectPublisher(store)), meters);
        }

        @Bean
        ErasureRetryCustomizer erasureRetryCustomizer() {
            return new ErasureRetryCustomizer("erasers");
        }

        @Bean
        ErasureLag erasureLag(KafkaClientFactory clients, MeterRegistry meters) {
            return new ErasureLag(clients, "erasers", meters);
        }
    }
}
