package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.GatewayApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Submits jobs and waits until the success of each one is published. Fails if one takes longer than {@link #TIMEOUT}. */
final class LoadGenerator {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final GatewayApi gateway;
    private final JobTimelines timelines;
    private int sent;

    LoadGenerator(GatewayApi gateway, JobTimelines timelines) {
        this.gateway = gateway;
        this.timelines = timelines;
    }

    /** Runs jobs with a maximum number in flight. */
    void concurrently(int jobs, int concurrency) throws InterruptedException {
        var permits = new Semaphore(concurrency);
        var ends = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < jobs; i++) {
            permits.acquire();
            ends.add(send(System.nanoTime()).whenComplete((timeline, failure) -> permits.release()));
        }
        ends.forEach(LoadGenerator::await);
    }

    /** Submits each job when GET returns the end of the one before. */
    List<JobTimeline> sequentially(int jobs) {
        var done = new ArrayList<JobTimeline>();
        for (int i = 0; i < jobs; i++) {
            var id = new CompletableFuture<String>();
            var timeline = await(send(System.nanoTime(), id));
            while (!gateway.isTerminal(await(id))) {
                Thread.onSpinWait();
            }
            timeline.reached(JobStage.VISIBLE, System.nanoTime());
            done.add(timeline);
        }
        return done;
    }

    /** Submits jobs at a fixed rate, without waiting for earlier ones. The delay of a late submission counts as time of the job. */
    List<JobTimeline> atRate(int jobs, double jobsPerSecond) {
        var ends = new ArrayList<CompletableFuture<JobTimeline>>();
        long interval = (long) (TimeUnit.SECONDS.toNanos(1) / jobsPerSecond);
        long first = System.nanoTime() + interval;
        for (int i = 0; i < jobs; i++) {
            long due = first + i * interval;
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            ends.add(send(due));
        }
        return ends.stream().map(LoadGenerator::await).toList();
    }

    private CompletableFuture<JobTimeline> send(long due) {
        return send(due, new CompletableFuture<>());
    }

    private CompletableFuture<JobTimeline> send(long due, CompletableFuture<String> id) {
        var at = Instant.now().minusNanos(System.nanoTime() - due);
        return gateway.submit("card " + sent++).thenCompose(job -> {
            var timeline = timelines.of(job);
            timeline.reached(JobStage.RESPONDED, System.nanoTime());
            timeline.sent(due, at);
            id.complete(job);
            return timeline.published();
        });
    }

    private static <T> T await(CompletableFuture<T> end) {
        return end.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
