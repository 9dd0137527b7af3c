package io.atelier.gateway.view;

import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.gateway.streams.StateDirectory;
import io.atelier.gateway.streams.StreamsProperties;
import io.atelier.gateway.view.jobs.JobView;
import io.atelier.gateway.view.jobs.JobWatcher;
import io.atelier.gateway.view.jobs.KafkaLifecycleOffsets;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.gateway.view.workers.WorkerTopicRebalanceListener;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Topic;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/** Beans of the read side that read Kafka: jobs, backlog, workers and progress. Needs {@code MessagingConfiguration}. */
@Configuration(proxyBeanMethods = false)
public class ViewKafkaConfiguration {

    /** Before the other watchers of jobs, because the metrics of estimates ask it about the job that has changed. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    Backlog backlog() {
        return new Backlog();
    }

    @Bean
    JobView jobs(KafkaClientFactory clients, StateDirectory state, List<JobWatcher> watchers) {
        return JobView.on(clients, state.path(), JobWatcher.all(watchers));
    }

    @Bean
    public LifecycleOffsets lifecycleOffsets(
            MessagingProperties messaging, StreamsProperties streams, KafkaClientFactory clients) {
        var topics = Stream.concat(
                        Topic.generationsRequested(messaging.pools()).stream(), Stream.of(Topic.TASK_REPORTS))
                .toList();
        var copies = streams.lifecyclePartitions() == 1 ? List.<String>of() : List.of(LifecycleTopics.INPUTS_BY_JOB);
        return new KafkaLifecycleOffsets(clients, LifecycleTopics.GROUP, topics, copies);
    }

    @Bean
    LatestProgress latestProgress() {
        return new LatestProgress();
    }

    /** Bound by its name in lifecycle.yml. */
    @Bean
    Consumer<Message<byte[]>> progress(LatestProgress latest) {
        return message -> latest.publish(EventCodec.read(message.getPayload(), TaskProgress.class));
    }

    @Bean
    WorkerRegistry workerRegistry(Clock clock) {
        return new WorkerRegistry(clock);
    }

    /** Bound by its name in lifecycle.yml. */
    @Bean
    Consumer<Message<byte[]>> workers(WorkerRegistry registry) {
        return message -> {
            var headers = message.getHeaders();
            registry.receive(
                    EventCodec.read(message.getPayload(), WorkerAnnounced.class),
                    Objects.requireNonNull(headers.get(KafkaHeaders.OFFSET, Long.class)),
                    Instant.ofEpochMilli(
                            Objects.requireNonNull(headers.get(KafkaHeaders.RECEIVED_TIMESTAMP, Long.class))));
        };
    }

    @Bean
    WorkerTopicRebalanceListener workerTopicRebalanceListener(WorkerRegistry registry) {
        return new WorkerTopicRebalanceListener(registry, Topic.WORKERS);
    }
}
