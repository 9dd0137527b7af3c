package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.failure;
import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.generate;
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

    private final CloudflareFixtures cloudflare = new CloudflareFixtures();
    private final ProviderStub provider = cloudflare.provider;
    private final ExecutorService jobs = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        jobs.shutdownNow();
        cloudflare.close();
    }

    @Test
    @DisplayName("A failing worker is retried after 1 s and after 2 s more, on the real clock")
    void failingWorkerIsRetriedAfterOneAndTwoSeconds() {
        provider.then(status(503), status(503)).always(png(8, 8));

        generate(cloudflare.flux("remote.retry.base-interval", "1s"), "a cat");

        var calls = provider.calls();
        assertThat(calls).hasSize(3);
        // Never early; how late depends on the load of the machine.
        assertThat(millisBetween(calls, 0, 1)).isBetween(990L, 10_000L);
        assertThat(millisBetween(calls, 1, 2)).isBetween(1990L, 10_000L);
    }

    @Test
    @DisplayName("After four failed calls the job fails with the worker's failure")
    void jobFailsAfterFourCalls() {
        provider.always(status(503));

        assertThat(failure(cloudflare.flux()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(4);
    }

    @Test
    @DisplayName("A broken connection is retried")
    void brokenConnectionsAreRetried() {
        provider.then(disconnect(), disconnect()).always(png(8, 8));

        generate(cloudflare.sdxl(), "a cat");

        assertThat(provider.calls()).hasSize(3);
    }

    @Test
    @DisplayName("A worker that does not answer is a timeout, in each attempt")
    void silentWorkerIsATimeout() {
        provider.always(silence());

        var failure =
                failure(cloudflare.flux("remote.timeouts.read-timeout", "300ms", "remote.retry.max-retries", "1"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).startsWith("Image generation request timed out");
        var calls = provider.calls();
        assertThat(calls).hasSize(2);
        assertThat(millisBetween(calls, 0, 1)).isGreaterThanOrEqualTo(300);
    }

    @Test
    @DisplayName("All calls of a job together have a time limit, whatever the number of retries")
    void allCallsOfAJobHaveOneTimeLimit() {
        provider.always(silence());

        var failure = failure(
                cloudflare.flux("remote.timeouts.read-timeout", "500ms", "remote.timeouts.total-timeout", "1200ms"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        // Four calls without the limit.
        assertThat(provider.calls()).hasSizeBetween(1, 3);
    }

    @Test
    @DisplayName("An unreachable worker is a network error after four attempts")
    void unreachableWorkerIsANetworkError() {
        provider.always(disconnect());

        var failure = failure(cloudflare.flux());

        assertThat(failure.code()).isEqualTo(Code.NETWORK_ERROR);
        assertThat(failure.message()).startsWith("Network error during image generation: ");
        assertThat(provider.calls()).hasSize(4);

        provider.close();
        assertThat(failure(cloudflare.flux()).code()).isEqualTo(Code.NETWORK_ERROR);
    }

    @Test
    @DisplayName("30 jobs at once make at most 10 calls at a time and take three rounds")
    void thirtyJobsTakeThreeRoundsOfTen() throws Exception {
        provider.always(after(1000, png(8, 8)));
        var flux = cloudflare.flux();
        long start = System.nanoTime();

        var all = submit(30, flux);
        for (var job : all) {
            job.get(60, TimeUnit.SECONDS);
        }

        // 3.6 s on a quiet machine.
        assertThat(millisSince(start)).isBetween(2900L, 15_000L);
        var calls = provider.calls();
        assertThat(calls).hasSize(30);
        for (int i = 10; i < 30; i++) {
            // With ten connections, call i starts when call i - 10 has its response.
            assertThat(millisBetween(calls, i - 10, i)).isGreaterThanOrEqualTo(950);
        }
    }

    @Test
    @DisplayName("With one connection calls never overlap")
    void withOneConnectionCallsNeverOverlap() throws Exception {
        provider.always(after(100, png(8, 8)));

        for (var job : submit(6, cloudflare.sdxl("remote.connections.max", "1"))) {
            job.get(30, TimeUnit.SECONDS);
        }

        var calls = provider.calls();
        for (int i = 1; i < calls.size(); i++) {
            assertThat(millisBetween(calls, i - 1, i)).isGreaterThanOrEqualTo(95);
        }
        assertThat(provider.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("The circuit breaker of a dead worker opens, and jobs of the other engine are not delayed")
    void deadWorkerDoesNotDelayOtherEngines() throws Exception {
        provider.always(call -> call.path().startsWith("/flux") ? status(503) : after(50, png(8, 8)));
        var flux = cloudflare.flux(
                "remote.retry.base-interval", "2s", "remote.breaker.minimum", "5", "remote.breaker.calls", "5");
        var sdxl = cloudflare.sdxl();

        var dead = submit(30, flux);
        long start = System.nanoTime();
        for (var job : submit(40, sdxl)) {
            job.get(60, TimeUnit.SECONDS);
        }

        // Four rounds of ten; none waits for the retry pause of two seconds of the dead worker's jobs.
        assertThat(millisSince(start)).isLessThan(10_000);
        for (var job : dead) {
            assertThat(job).failsWithin(Duration.ofSeconds(60));
        }
        assertThat(flux.status().condition()).isEqualTo(Condition.FAILING);
        assertThat(sdxl.status().condition()).isEqualTo(Condition.READY);
        int callsBefore = provider.calls().size();
        assertThat(failure(flux).code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(provider.calls()).hasSize(callsBefore);
    }

    /** Starts so many jobs at once. */
    private List<CompletableFuture<Void>> submit(int number, GenerationEngine engine) {
        var all = new ArrayList<CompletableFuture<Void>>();
        IntStream.range(0, number)
                .forEach(i -> all.add(CompletableFuture.runAsync(() -> generate(engine, "cat " + i), jobs)));
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
