package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.JobsWithoutTimeInId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AcceptedJobsTests {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AcceptedJobs accepted = new AcceptedJobs();
    private final View view = new View();
    private final Map<Integer, Job> jobs = new HashMap<>();

    @Test
    void jobIsFoundUntilTheViewShowsIt() {
        var job = job(1);

        assertThat(accepted.add(job, view)).isTrue();
        assertThat(accepted.find(job.id())).contains(job);
        assertThat(view.added).containsExactly(job);

        accepted.shown(job.id(), () -> view.shown.add(job.id()));
        assertThat(accepted.find(job.id())).isEmpty();
    }

    @Test
    void jobThatTheViewShowsAlreadyIsNotAdded() {
        var job = job(1);
        view.shown.add(job.id());

        assertThat(accepted.add(job, view)).isTrue();

        assertThat(accepted.find(job.id())).isEmpty();
        assertThat(view.added).isEmpty();
    }

    @Test
    void oneTooManyIsNotAdded() {
        for (int i = 0; i < AcceptedJobs.MAX; i++) {
            assertThat(accepted.add(job(i), view)).isTrue();
        }

        var another = job(AcceptedJobs.MAX);
        assertThat(accepted.add(another, view)).isFalse();
        assertThat(accepted.find(another.id())).isEmpty();

        accepted.shown(job(0).id(), () -> {});
        assertThat(accepted.add(another, view)).isTrue();
    }

    @Test
    void viewThatStartsAgainGetsTheJobsThatItDoesNotShow() {
        var first = job(1);
        var second = job(2);
        accepted.add(first, view);
        accepted.add(second, view);
        view.shown.add(first.id());
        view.added.clear();

        accepted.restart(() -> assertThat(view.added).isEmpty(), view);

        assertThat(view.added).containsExactly(second);
        assertThat(accepted.find(first.id())).isEmpty();
        assertThat(accepted.find(second.id())).contains(second);
    }

    @Test
    void waitEndsWhenTheJobsAreShown() {
        accepted.add(job(1), view);
        var waiting = CompletableFuture.runAsync(() -> accepted.awaitShown(TIMEOUT));

        accepted.add(job(2), view);
        assertThat(waiting).isNotDone();
        accepted.shown(job(2).id(), () -> {});
        accepted.shown(job(1).id(), () -> {});

        assertThat(waiting).succeedsWithin(TIMEOUT);
    }

    @Test
    void waitEndsWithItsTimeout() {
        accepted.add(job(1), view);

        accepted.awaitShown(Duration.ofMillis(20));

        assertThat(accepted.find(job(1).id())).isPresent();
    }

    private Job job(int second) {
        return jobs.computeIfAbsent(
                second, number -> JobsWithoutTimeInId.at(START.plusSeconds(number), JobStatus.QUEUED));
    }

    private static final class View implements AcceptedJobs.View {

        private final Set<JobId> shown = new HashSet<>();
        private final List<Job> added = new ArrayList<>();

        @Override
        public boolean shows(JobId job) {
            return shown.contains(job);
        }

        @Override
        public void added(Job job) {
            added.add(job);
        }
    }
}
