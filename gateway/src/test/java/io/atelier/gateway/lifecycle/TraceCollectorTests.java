package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.PARENT;
import static io.atelier.gateway.lifecycle.JobEventFixtures.split;
import static io.atelier.gateway.lifecycle.JobEventFixtures.splitRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.WebhookDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Jobs whose request is in the topic of reports, because they only split images. */
class TraceCollectorTests {

    private static final EventCodec CODEC = new EventCodec("test");

    private final TraceCollector collector = new TraceCollector(Map.of(), Map.of());

    @Test
    void requestOfASplitAddsItsJobWithItsTaskAndItsReports() {
        var request = record(CODEC.record(Topic.TASK_REPORTS, splitRequested()), 0);
        var report = record(CODEC.record(Topic.TASK_REPORTS, started("split", 1)), 1);
        var task = splits(JobHistory.empty().with(splitRequested()).announcement(1))
                .get(0);

        List.of(request, report).forEach(collector::reportedRequest);
        collector.task(record(CODEC.record(task), 0));
        List.of(request, report).forEach(collector::input);

        assertThat(collector.earliest()).contains(NOON);
        assertThat(collector.finish(Instant.EPOCH, PublishedJobs.NONE))
                .singleElement()
                .satisfies(trace -> {
                    assertThat(trace.job()).isEqualTo(JOB);
                    assertThat(trace.inputs()).containsExactly(splitRequested(), started("split", 1));
                    assertThat(trace.tasks()).containsExactly("split/1");
                    assertThat(trace.isPending()).isTrue();
                });
    }

    @Test
    void tasksOfAnAvatarBelongToTheJobWhoseSubmissionIsAReport() {
        var submission = AvatarFixtures.requested(AvatarFixtures.avatar(4));
        var history = JobHistory.empty().with(submission);
        for (var task : List.of("prompt-0", "base", "grid-0", "split-0")) {
            history = history.with(AvatarFixtures.succeeded(task, 1));
        }

        collector.reportedRequest(record(CODEC.record(Topic.TASK_REPORTS, submission), 0));
        for (int version = 1; version <= history.version(); version++) {
            for (var task : history.announcement(version).tasks()) {
                var written = CODEC.record(task);
                if (task instanceof GenerationRequested) {
                    assertThat(written.topic()).isEqualTo(Topic.generationRequested("default"));
                    collector.request(record(written, version));
                } else {
                    collector.task(record(written, version));
                }
            }
        }

        assertThat(collector.finish(Instant.EPOCH, PublishedJobs.NONE))
                .singleElement()
                .satisfies(trace -> assertThat(trace.tasks())
                        .containsExactlyInAnyOrder("prompt-0/1", "base/1", "grid-0/1", "split-0/1", "publish/1"));
    }

    @Test
    void taskOfAnAvatarAddsNoJob() {
        var submission = AvatarFixtures.requested(AvatarFixtures.avatar(4));
        var base = JobHistory.empty().with(submission).announcement(1).tasks().get(1);

        collector.request(record(CODEC.record(base), 0));

        assertThat(base.task()).isEqualTo("base");
        assertThat(collector.earliest()).isEmpty();
    }

    @Test
    void deliveryBelongsToTheJobThatItIsAbout() {
        var delivery = new WebhookDelivery(
                "019a9b5c-0000-7000-8000-000000000009",
                JOB,
                "generation.succeeded",
                "https://example.org/hooks",
                "{}",
                null,
                NOON,
                WebhookDelivery.Status.DELIVERED,
                List.of(),
                null);
        collector.add(JOB, NOON);
        collector.add(PARENT, NOON);

        collector.delivery(record(CODEC.record(delivery), 0));
        collector.delivery(record(EventCodec.deliveryTombstone("another"), 1));

        assertThat(collector.finish(Instant.EPOCH, PublishedJobs.NONE))
                .extracting(JobTrace::job, JobTrace::hasDelivery)
                .containsExactlyInAnyOrder(tuple(JOB, true), tuple(PARENT, false));
    }

    @Test
    void reportsAloneAddNoJob() {
        collector.reportedRequest(record(CODEC.record(Topic.TASK_REPORTS, started("split", 1)), 0));
        collector.reportedRequest(record(CODEC.record(Topic.TASK_REPORTS, split("split", 1)), 1));

        assertThat(collector.earliest()).isEmpty();
        assertThat(collector.finish(Instant.EPOCH, PublishedJobs.NONE)).isEmpty();
    }

    private static ConsumerRecord<String, byte[]> record(ProducerRecord<String, byte[]> written, long offset) {
        return new ConsumerRecord<>(
                written.topic(),
                0,
                offset,
                NOON.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                written.key(),
                written.value(),
                written.headers(),
                Optional.empty());
    }
}
