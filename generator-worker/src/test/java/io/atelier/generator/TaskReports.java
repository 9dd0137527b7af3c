package io.atelier.generator;

import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the reports of workers from the beginning of the topic. */
final class TaskReports implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<JobEvent> read = new ArrayList<>();

    TaskReports(String bootstrapServers) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(Topic.TASK_REPORTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
    }

    /** The reports on a job, in their order, each start by itself; waits up to a minute until there are {@code count}. */
    List<JobEvent> of(JobId job, int count) {
        return of(job, count, Duration.ofMinutes(1));
    }

    /** Like {@link #of(JobId, int)}, with another timeout. */
    List<JobEvent> of(JobId job, int count, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var found = of(job);
        while (found.size() < count && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(50))
                    .forEach(report -> EventCodec.event(report.headers(), report.value())
                            .ifPresent(event -> read.addAll(EndReport.eventsIn(event))));
            found = of(job);
        }
        return found;
    }

    private List<JobEvent> of(JobId job) {
        return read.stream().filter(event -> event.job().equals(job)).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
