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

/** Sends jobs and waits until all of them are announced as succeeded. Fails if one is not, within {@link #PATIENCE}. */
final class LoadGenerator {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GatewayApi gateway;
    private final JobTimelines journeys;
    private int sent;

    LoadGenerator(GatewayApi gateway, JobTimelines journeys) {
        this.gateway = gateway;
        this.journeys = journeys;
    }

    /** As many jobs as that, some of them at a time. */
    void some(int jobs, int atATime) throws InterruptedException {
        var places = new Semaphore(atATime);
        var ends = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < jobs; i++) {
            places.acquire();
            ends.add(send(System.nanoTime()).whenComplete((journey, failure) -> places.release()));
        }
        ends.forEach(LoadGenerator::await);
    }

    /** Each job is sent when the status shows the end of the one before. */
    List<JobTimeline> oneByOne(int jobs) {
        var done = new ArrayList<JobTimeline>();
        for (int i = 0; i < jobs; i++) {
            var id = new CompletableFuture<String>();
            var journey = await(send(System.nanoTime(), id));
            while (!gateway.showsEnd(await(id))) {
                Thread.onSpinWait();
            }
            journey.passed(JobStage.SHOWN, System.nanoTime());
            done.add(journey);
        }
        return done;
    }

    /** Jobs at even intervals, whatever becomes of those before. A job that is sent late has its delay in its figures. */
    List<JobTimeline> atRate(int jobs, double aSecond) {
        var ends = new ArrayList<CompletableFuture<JobTimeline>>();
        long interval = (long) (TimeUnit.SECONDS.toNanos(1) / aSecond);
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
            var journey = journeys.of(job);
            journey.passed(JobStage.ANSWERED, System.nanoTime());
            journey.sent(due, at);
            id.complete(job);
            return journey.announced();
        });
    }

    private static <T> T await(CompletableFuture<T> end) {
        return end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
