package io.atelier.gateway.api.generations;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.api.cache.StateRenderer.RenderedState;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerationRendererTests {

    private final Clock clock = Clock.systemUTC();
    private final WorkerRegistry workers = new WorkerRegistry(clock);
    private final Backlog backlog = new Backlog();
    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final GenerationRenderer renderer = new GenerationRenderer(
            jobs,
            new GenerationAssembler(
                    new LatestProgress(),
                    new EtaEstimator(backlog, workers, clock),
                    workers,
                    PublishedUrls.NONE,
                    clock),
            EventCodec.json());

    @Test
    void openStateIsRenderedOnceForManyRequests() {
        var job = add(SampleJobs.in(JobStatus.RUNNING));

        var first = rendered(job);
        int renderings = 1;
        // The state may be rendered again after a while, for its estimated times.
        for (int i = 0; i < 1_000; i++) {
            var next = rendered(job);
            renderings += next == first ? 0 : 1;
            first = next;
        }

        assertThat(renderings).isLessThan(1_000);
    }

    @Test
    void changedPositionInTheQueueIsRenderedAtOnce() {
        var first = add(SampleJobs.in(JobStatus.QUEUED));
        var second = add(SampleJobs.in(JobStatus.QUEUED));
        var before = rendered(second);

        backlog.removed(first.id());

        assertThat(rendered(second).tag()).isNotEqualTo(before.tag());
    }

    @Test
    void changedStateIsRenderedAtOnce() {
        var queued = add(SampleJobs.in(JobStatus.QUEUED));
        var before = rendered(queued);

        var running = add(JobsWithoutTimeInId.running(queued, clock.instant()));

        assertThat(rendered(running).tag()).isNotEqualTo(before.tag());
    }

    private RenderedState rendered(Job job) {
        Optional<RenderedState> state = renderer.render(job.id());
        assertThat(state).isPresent();
        return state.get();
    }

    private Job add(Job job) {
        jobs.show(job);
        backlog.changed(JobSummary.of(job));
        return job;
    }
}
