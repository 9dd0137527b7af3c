package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconciliationQueueTests {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final JobPartitions TWO = new JobPartitions(2);

    private final ReconciliationQueue queue = new ReconciliationQueue(new SimpleMeterRegistry(), TWO);

    @Test
    void eachPartitionGetsItsOwnJobs() {
        queue.processorStarted(0, NOW);
        queue.processorStarted(1, NOW);
        var jobs = jobs(20);

        queue.offer(survey(jobs));

        var first = jobs(queue.poll(0));
        var second = jobs(queue.poll(1));
        assertThat(first).isNotEmpty().allMatch(job -> TWO.of(job.value()) == 0);
        assertThat(second).isNotEmpty().allMatch(job -> TWO.of(job.value()) == 1);
        assertThat(first.size() + second.size()).isEqualTo(jobs.size());
    }

    @Test
    void aSurveyIsAwaitedWhenAPartitionHasTakenTheLast() {
        assertThat(queue.awaitsSurvey()).as("without a partition").isFalse();
        queue.processorStarted(0, NOW);
        queue.processorStarted(1, NOW);
        assertThat(queue.awaitsSurvey()).isTrue();

        queue.offer(survey(jobs(2)));
        assertThat(queue.awaitsSurvey()).as("none has taken it").isFalse();
        queue.poll(0);
        assertThat(queue.awaitsSurvey()).as("the other one may stand still").isTrue();
    }

    @Test
    void aPartitionThatStoodStillDuringASurveyDoesNotGetIt() {
        queue.processorStarted(0, NOW);
        queue.processorStarted(1, NOW);
        var traces = jobs(20).stream().map(ReconciliationQueueTests::trace).toList();

        queue.offer(new TopicSurvey(NOW, Set.of(1), traces, Map.of(), Map.of()));

        assertThat(queue.poll(0)).isNull();
        assertThat(jobs(queue.poll(1))).isNotEmpty();
    }

    @Test
    void aSurveyIsTakenOnce() {
        queue.processorStarted(0, NOW);
        queue.offer(survey(jobs(2)));

        assertThat(queue.poll(0)).isNotNull();
        assertThat(queue.poll(0)).isNull();
    }

    @Test
    void aPartitionThatWentToAnotherGatewayIsNotWaitedFor() {
        queue.processorStarted(0, NOW);
        queue.processorStarted(1, NOW);
        queue.offer(survey(jobs(2)));
        queue.poll(0);

        queue.processorStopped(1);

        assertThat(queue.awaitsSurvey()).isTrue();
        assertThat(queue.poll(1)).as("its survey").isNull();
    }

    @Test
    void aPartitionThatCameAfterTheSurveyBeganDoesNotGetIt() {
        queue.processorStarted(0, NOW);
        queue.processorStarted(1, NOW.plusMillis(1));

        queue.offer(survey(jobs(20)));

        assertThat(queue.poll(0)).isNotNull();
        assertThat(queue.poll(1)).isNull();
        assertThat(queue.awaitsSurvey()).isTrue();
    }

    private static List<JobId> jobs(int number) {
        var jobs = new ArrayList<JobId>();
        var random = new SecureRandom();
        for (int i = 0; i < number; i++) {
            jobs.add(JobId.create(NOW, random));
        }
        return jobs;
    }

    private static List<JobId> jobs(@Nullable TopicSurvey survey) {
        return Objects.requireNonNull(survey).traces().stream()
                .map(JobTrace::job)
                .toList();
    }

    private static TopicSurvey survey(List<JobId> jobs) {
        var traces = jobs.stream().map(ReconciliationQueueTests::trace).toList();
        return new TopicSurvey(NOW, Set.of(0, 1), traces, Map.of(), Map.of());
    }

    private static JobTrace trace(JobId job) {
        return new JobTrace(job, List.of(), false, Set.of(), Set.of(), false, 0, null);
    }
}
