package io.atelier.gateway;

import io.atelier.gateway.api.ApiConfiguration;
import io.atelier.gateway.api.events.FakeFirehose;
import io.atelier.gateway.api.operations.BrokerProbe;
import io.atelier.gateway.api.operations.DiskProperties;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.operations.StoreProbe;
import io.atelier.gateway.api.operations.SystemNotices;
import io.atelier.gateway.api.operations.SystemWatch;
import io.atelier.gateway.faces.FacesConfiguration;
import io.atelier.gateway.view.ViewConfiguration;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.http.HttpConfiguration;
import io.atelier.messaging.InMemoryEventPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.cloud.stream.config.BindersHealthIndicatorAutoConfiguration;
import org.springframework.cloud.stream.config.BindingServiceConfiguration;
import org.springframework.cloud.stream.config.BindingsEndpointAutoConfiguration;
import org.springframework.cloud.stream.config.ChannelsEndpointAutoConfiguration;
import org.springframework.cloud.stream.function.FunctionConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/** Runs the whole HTTP API on a real port, over fakes. All tests with this annotation share one application context. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = GatewayHttpTest.Wiring.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=gateway",
            "ATELIER_TEST_CARD=true",
            "ATELIER_INTEL_PORT=0",
            "ATELIER_WEBHOOK_SECRETS=whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "io.atelier.batches.max-queued=150",
            "io.atelier.admission.start-grace-period=0s",
            "io.atelier.generations.new-job-timeout=300ms",
            "io.atelier.generations.announced-timeout=300ms",
            "io.atelier.events.heartbeat-interval=300ms",
            "io.atelier.images.derivatives.threads=1",
            "io.atelier.images.derivatives.max-waiting=2",
            "io.atelier.images.max-downloads=8",
            "io.atelier.images.grace-period=3s",
            "io.atelier.images.min-rate=16MB"
        })
@AutoConfigureWebTestClient(timeout = "3m")
@TestExecutionListeners(
        listeners = LogLevelsOfContext.class,
        mergeMode = TestExecutionListeners.MergeMode.MERGE_WITH_DEFAULTS)
@interface GatewayHttpTest {

    /** The HTTP API with fakes for its ports. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {
                BindersHealthIndicatorAutoConfiguration.class,
                BindingServiceConfiguration.class,
                BindingsEndpointAutoConfiguration.class,
                ChannelsEndpointAutoConfiguration.class,
                FunctionConfiguration.class
            },
            excludeName = {
                "org.springframework.cloud.stream.binder.kafka.streams.ExtendedBindingHandlerMappingsProviderAutoConfiguration",
                "org.springframework.cloud.stream.binder.kafka.streams.KafkaStreamsBinderSupportAutoConfiguration",
                "org.springframework.cloud.stream.binder.kafka.streams.function.KafkaStreamsFunctionAutoConfiguration",
                "org.springframework.cloud.stream.binder.kafka.streams.endpoint.KafkaStreamsTopologyEndpointAutoConfiguration"
            })
    @Import({ApiConfiguration.class, FacesConfiguration.class, HttpConfiguration.class, ViewConfiguration.class})
    class Wiring {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        SimpleMeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        InMemoryEventPublisher publisher() {
            return new InMemoryEventPublisher();
        }

        @Bean
        FakeJobs jobs(InMemoryEventPublisher publisher, List<JobWatcher> watchers) {
            return new FakeJobs(publisher, JobWatcher.all(watchers));
        }

        @Bean
        Backlog backlog() {
            return new Backlog();
        }

        /** A worker that has the standard models and stays live during all tests. */
        @Bean
        WorkerRegistry workers() {
            var workers = new WorkerRegistry(Clock.systemUTC());
            workers.catchUp(0, 0);
            workers.put(SampleWorkers.ready("generator-1", "default", "pocket", "test-card"), Instant.now());
            return workers;
        }

        @Bean
        FakeFirehose firehose() {
            return new FakeFirehose();
        }

        @Bean
        LatestProgress progress() {
            return new LatestProgress();
        }

        @Bean
        AuditedObjectStore store() {
            return new AuditedObjectStore();
        }

        @Bean
        FakeDeadLetters deadLetters() {
            return new FakeDeadLetters();
        }

        @Bean
        FakeWebhookDeliveries webhookDeliveries(InMemoryEventPublisher publisher) {
            return new FakeWebhookDeliveries(publisher);
        }

        @Bean
        AtomicBoolean brokersAnswer() {
            return new AtomicBoolean(true);
        }

        /** Free space of the disk, in bytes. */
        @Bean
        AtomicLong freeBytes() {
            return new AtomicLong(Long.MAX_VALUE);
        }

        @Bean
        DiskSpace disk(AtomicLong freeBytes) {
            return new DiskSpace(
                    new DiskProperties(Path.of("."), DataSize.ofMegabytes(256)), folder -> freeBytes.get());
        }

        @Bean
        SystemNotices notices(DiskSpace disk, StoreProbe store) {
            return new SystemWatch(disk, () -> Mono.just(true), store);
        }

        @Bean
        BrokerProbe brokers(AtomicBoolean brokersAnswer) {
            return () -> Mono.fromSupplier(brokersAnswer::get);
        }
    }
}
