package io.atelier.gateway.faces.intel;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.lifecycle.NewJob;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** The state of sessions, also as another gateway or one that was restarted reads it. */
class IntelSessionsTests {

    private static final String NAME = "s";
    private static final Instant START = Instant.parse("2026-11-29T08:00:00Z");

    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final IntelSessions sessions = new IntelSessions(jobs, Schedulers.immediate());

    @Test
    void sessionWithoutJobsIsIdle() {
        var session = find(sessions);

        assertThat(session.newest()).isNull();
        assertThat(session.nextOrdinal()).isEqualTo(1);
        assertThat(session.device()).isNull();
        assertThat(session.isRunning()).isFalse();
    }

    @Test
    void acceptedJobCountsBeforeTheViewShowsIt() {
        var session = find(sessions);
        sessions.accepted(session, job(1, null));

        assertThat(find(sessions).isRunning()).isTrue();
        assertThat(find(sessions).nextOrdinal()).isEqualTo(2);
    }

    @Test
    void restartedGatewayFindsTheNewestJob() {
        jobs.show(job(1, null));
        jobs.show(job(2, "GPU.1"));

        var session = find(restarted());

        assertThat(session.ordinal()).isEqualTo(2);
        assertThat(session.nextOrdinal()).isEqualTo(3);
        assertThat(session.device()).isEqualTo("GPU.1");
    }

    @Test
    void jobsOfAnotherGatewayAreFoundByTheirIds() {
        jobs.show(job(1, null));
        assertThat(find(sessions).ordinal()).isEqualTo(1);

        jobs.show(job(2, "CPU"));
        jobs.show(job(3, "GPU"));

        assertThat(find(sessions).ordinal()).isEqualTo(3);
        assertThat(find(sessions).device()).isEqualTo("GPU");
    }

    @Test
    void jobsOfOthersWithTheLabelsAreNotOfTheSession() {
        jobs.show(job(1, null));
        var labels = Map.of("intel.session", NAME, "intel.ordinal", "70", "intel.device", "GPU");
        jobs.show(job(SampleJobs.in(JobStatus.QUEUED).request(), labels, 500));

        assertThat(find(restarted()).ordinal()).isEqualTo(1);
    }

    @Test
    void jobOfAnotherFaceWithAnIdOfTheSessionIsPassedOver() {
        jobs.show(job(1, "CPU"));
        jobs.show(NewJob.of(new GenerationRequested(
                IntelSessions.jobId(NAME, 2),
                "generate",
                1,
                3,
                START.plusSeconds(2),
                null,
                SampleJobs.in(JobStatus.QUEUED).request())));

        var session = find(sessions);

        assertThat(session.ordinal()).isEqualTo(1);
        assertThat(session.nextOrdinal()).isEqualTo(3);
    }

    @Test
    void selectionCountsUntilAnotherGatewayHasANewerJob() {
        jobs.show(job(1, "CPU"));
        sessions.select(find(sessions), "GPU");
        assertThat(find(sessions).device()).isEqualTo("GPU");
        assertThat(find(sessions).isCleared()).isTrue();

        jobs.show(job(2, "GPU.1"));
        assertThat(find(sessions).device()).isEqualTo("GPU.1");
        assertThat(find(sessions).isCleared()).isFalse();
    }

    @Test
    void erasedNewestJobIsTheNewestAfterARestart() {
        jobs.show(job(1, null));
        jobs.show(SampleJobs.erasedFrom(job(2, null)));

        var session = find(restarted());

        assertThat(session.ordinal()).isEqualTo(2);
        assertThat(session.completed()).isNull();
        assertThat(session.failed()).isNull();
        assertThat(session.nextOrdinal()).isEqualTo(3);
    }

    @Test
    void forgottenJobIsNotRunningForEver() {
        var session = find(sessions);
        sessions.accepted(session, job(1, null));
        jobs.show(job(1, null));
        assertThat(find(sessions).isRunning()).isTrue();

        jobs.clear();

        assertThat(find(sessions).isRunning()).isFalse();
        assertThat(find(sessions).nextOrdinal()).isEqualTo(2);
    }

    @Test
    void resultIsTakenOnce() {
        jobs.show(job(1, null));
        var session = find(sessions);

        assertThat(sessions.take(session)).isTrue();
        assertThat(sessions.take(session)).isFalse();
        sessions.putBack(session);
        assertThat(sessions.take(session)).isTrue();
    }

    private IntelSessions restarted() {
        return new IntelSessions(jobs, Schedulers.immediate());
    }

    private static IntelSession find(IntelSessions sessions) {
        return Objects.requireNonNull(sessions.find(NAME).block());
    }

    private static Job job(long ordinal, @Nullable String device) {
        var session = new IntelSession(NAME, null, 0, ordinal, device, false);
        var request = SampleJobs.in(JobStatus.QUEUED).request().toBuilder()
                .labels(IntelSessions.labels(session))
                .build();
        return NewJob.of(new GenerationRequested(
                IntelSessions.jobId(NAME, ordinal), "generate", 1, 3, START.plusSeconds(ordinal), null, request));
    }

    private static Job job(GenerationRequest request, Map<String, String> labels, long seconds) {
        return NewJob.of(new GenerationRequested(
                IntelSessions.jobId("other", 1),
                "generate",
                1,
                3,
                START.plusSeconds(seconds),
                null,
                request.toBuilder().labels(labels).build()));
    }
}
