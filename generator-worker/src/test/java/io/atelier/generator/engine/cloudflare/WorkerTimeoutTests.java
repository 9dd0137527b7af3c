package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.Workers.draw;
import static io.atelier.generator.engine.cloudflare.Workers.failure;
import static io.atelier.generator.provider.ProviderStub.after;
import static io.atelier.generator.provider.ProviderStub.disconnect;
import static io.atelier.generator.provider.ProviderStub.png;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkerTimeoutTests {

    private final Workers workers = new Workers();
    private final ProviderStub provider = workers.provider;
    private final ExecutorService jobs = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        jobs.shutdownNow();
        workers.close();
    }

    @Test
    @DisplayName("B-11: a worker that fails is asked again after one second, and after two more; on the real clock")
    void failingWorkerIsAskedAgainAfterOneAndTwoSeconds() {
        provider.then(status(503), status(503)).always(png(8, 8));

        draw(workers.flux("remote.retry.base-interval", "1s"), "a cat");

        var calls = provider.calls();
        assertThat(calls).hasSize(3);
        // Not early; how late is up to the machine's load.
        assertThat(millisBetween(calls, 0, 1)).isBetween(990L, 10_000L);
        assertThat(millisBetween(calls, 1, 2)).isBetween(1990L, 10_000L);
    }

    @Test
    @DisplayName("B-11, B-13: after four calls the worker's failure is the job's")
    void fourCallsAreEnough() {
        provider.always(status(503));

        assertThat(failure(workers.flux()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(4);
    }

    @Test
    @DisplayName("B-12, B-35: connections that break are made again")
    void brokenConnectionsAreMadeAgain() {
        provider.then(disconnect(), disconnect()).always(png(8, 8));

        draw(workers.sdxl(), "a cat");

        assertThat(provider.calls()).hasSize(3);
    }

    @Test
    @DisplayName("B-20, B-23, B-35: a silent worker is a timeout, each time it is asked")
    void silentWorkerIsATimeout() {
        provider.always(silence());

        var failure = failure(workers.flux("remote.timeouts.read-timeout", "300ms", "remote.retry.max-retries", "1"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).startsWith("Image generation request timed out");
        var calls = provider.calls();
        assertThat(calls).hasSize(2);
        assertThat(millisBetween(calls, 0, 1)).isGreaterThanOrEqualTo(300);
    }

    @Test
    @DisplayName("B-24, B-35: a worker that cannot be reached is a network error after four attempts")
    void unreachableWorkerIsANetworkError() {
        provider.always(disconnect());

        var failure = failure(workers.flux());

        assertThat(failure.code()).isEqualTo(Code.NETWORK_ERROR);
        assertThat(failure.message()).startsWith("Network error during image generation: ");
        assertThat(provider.calls()).hasSize(4);

        provider.close();
        assertThat(failure(workers.flux()).code()).isEqualTo(Code.NETWORK_ERROR);
    }

    @Test
    @DisplayName("B-21, B-34: 30 jobs at once have 10 calls under way, never more, and take three turns")
    void thirtyJobsTakeThreeTurnsOfTen() throws Exception {
        provider.always(after(1000, png(8, 8)));
        var flux = workers.flux();
        long start = System.nanoTime();

        var all = submit(30, flux);
        for (var one : all) {
            one.get(60, TimeUnit.SECONDS);
        }

        // 3.6 s on a quiet machine.
        assertThat(millisSince(start)).isBetween(2900L, 15_000L);
        var calls = provider.calls();
        assertThat(calls).hasSize(30);
        for (int i = 10; i < 30; i++) {
            // With ten places the call after ten others begins when the first of them has its answer.
            assertThat(millisBetween(calls, i - 10, i)).isGreaterThanOrEqualTo(950);
        }
    }

    @Test
    @DisplayName("B-34: with one place calls never overlap")
    void withOnePlaceCallsNeverOverlap() throws Exception {
        provider.always(after(100, png(8, 8)));

        for (var one : submit(6, workers.sdxl("remote.connections.max", "1"))) {
            one.get(30, TimeUnit.SECONDS);
        }

        var calls = provider.calls();
        for (int i = 1; i < calls.size(); i++) {
            assertThat(millisBetween(calls, i - 1, i)).isGreaterThanOrEqualTo(95);
        }
        assertThat(provider.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("B-21: a dead worker is left alone, and jobs of the other engine go on as if nothing were")
    void deadWorkerSlowsNobodyElse() throws Exception {
        provider.always(call -> call.path().startsWith("/flux") ? status(503) : after(50, png(8, 8)));
        var flux = workers.flux(
                "remote.retry.base-interval", "2s", "remote.breaker.minimum", "5", "remote.breaker.calls", "5");
        var sdxl = workers.sdxl();

        var dead = submit(30, flux);
        long start = System.nanoTime();
        for (var one : submit(40, sdxl)) {
            one.get(60, TimeUnit.SECONDS);
        }

        // Four turns of ten; every one of them is drawn, and none waits for the two seconds that the dead one's do.
        assertThat(millisSince(start)).isLessThan(10_000);
        for (var one : dead) {
            assertThat(one).failsWithin(Duration.ofSeconds(60));
        }
        assertThat(flux.status().condition()).isEqualTo(Condition.FAILING);
        assertThat(sdxl.status().condition()).isEqualTo(Condition.READY);
        int asked = provider.calls().size();
        assertThat(failure(flux).code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(provider.calls()).hasSize(asked);
    }

    /** So many jobs at once. */
    private List<CompletableFuture<Void>> submit(int number, GenerationEngine engine) {
        var all = new ArrayList<CompletableFuture<Void>>();
        IntStream.range(0, number)
                .forEach(i -> all.add(CompletableFuture.runAsync(() -> draw(engine, "cat " + i), jobs)));
        return all;
    }

    private static long millisBetween(List<ProviderStub.Call> calls, int one, int other) {
        return TimeUnit.NANOSECONDS.toMillis(
                calls.get(other).nanos() - calls.get(one).nanos());
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
