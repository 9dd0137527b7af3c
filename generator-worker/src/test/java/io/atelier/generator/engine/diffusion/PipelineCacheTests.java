package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipelineCacheTests {

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> closed = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final PipelineCache<Model> cache = new PipelineCache<>(100, Duration.ofMinutes(10), nanos::get);

    @Test
    void modelIsLoadedOnceAndStaysLoaded() {
        assertThat(use("a", 40)).isEqualTo("a");
        assertThat(use("a", 40)).isEqualTo("a");

        assertThat(loads).hasValue(1);
        assertThat(cache.isLoaded("a")).isTrue();
    }

    @Test
    void aRunHearsOfTheLoadOfItsModelUntilItIsLoaded() {
        var waits = new CountDownLatch(2);
        var loader = new ModelLoader<Model>() {
            @Override
            public Model load() {
                try {
                    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new Model("a");
            }

            @Override
            public void onWait() {
                waits.countDown();
            }
        };

        assertThat(cache.<String>use("a", "a", new MemoryNeed(40, 0), loader, new Cancellation(), model -> "used"))
                .isEqualTo("used");
        assertThat(cache.isLoaded("a")).isTrue();
    }

    @Test
    void aModelIsUnloadedOnceAndTheNextRunLoadsItAgain() {
        use("a", 40);

        cache.unload("a");
        cache.unload("a");

        assertThat(closed).containsExactly("a");
        use("a", 40);
        use("a", 40);
        assertThat(loads).hasValue(2);
        assertThat(cache.isLoaded("a")).isTrue();
    }

    @Test
    void aModelThatIsUsedIsUnloadedWhenItsRunEnds() {
        cache.<String>use("a", "a", new MemoryNeed(40, 0), () -> new Model("a"), new Cancellation(), model -> {
            cache.unload("a");
            assertThat(closed).isEmpty();
            return "used";
        });

        assertThat(closed).containsExactly("a");
    }

    @Test
    void aModelThatIsNotInMemoryIsNotUnloadedAfterItsNextRun() {
        cache.<String>use("b", "b", new MemoryNeed(40, 0), () -> new Model("b"), new Cancellation(), model -> {
            cache.unload("a");
            return "used";
        });

        use("a", 40);

        assertThat(cache.isLoaded("a")).isTrue();
        assertThat(cache.isLoaded("b")).isTrue();
    }

    @Test
    void leastRecentlyUsedModelsMakeRoom() {
        use("a", 40);
        use("b", 40);
        use("a", 40);

        use("c", 40);
        assertThat(closed).containsExactly("b");

        use("d", 100);
        assertThat(closed).containsExactly("b", "a", "c");
    }

    @Test
    void modelThatIsLargerThanTheMemoryIsRefusedAndUnloadsNothing() {
        use("a", 40);

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> use("huge", 101L << 20))
                .satisfies(failed -> {
                    assertThat(failed.failure().code()).isEqualTo(Code.NOT_CONFIGURED);
                    assertThat(failed.failure().message())
                            .contains("'huge' needs about 101 MB")
                            .contains("ATELIER_MODELS_MEMORY");
                });
        assertThat(cache.isLoaded("a")).isTrue();
    }

    @Test
    void idleModelsAreUnloadedAfterTheTimeoutSinceTheirLastRun() {
        use("a", 40);
        nanos.addAndGet(Duration.ofMinutes(9).toNanos());
        use("b", 40);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());

        cache.unloadIdle();

        assertThat(closed).containsExactly("a");
        assertThat(cache.isLoaded("b")).isTrue();
    }

    @Test
    void modelThatCannotBeLoadedLeavesNothingBehind() {
        var failure = new IllegalStateException("damaged");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> cache.use(
                        "a",
                        "a",
                        need(40),
                        () -> {
                            throw failure;
                        },
                        new Cancellation(),
                        Model::name))
                .isSameAs(failure);

        assertThat(cache.isLoaded("a")).isFalse();
        assertThat(use("a", 40)).isEqualTo("a");
    }

    @Test
    void runsUseTheDeviceOneAfterAnother() throws Exception {
        var running = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var threads = Executors.newFixedThreadPool(2);
        try {
            var first =
                    threads.submit(() -> cache.use("a", "a", need(40), () -> load("a"), new Cancellation(), model -> {
                        running.countDown();
                        awaitEnd(end);
                        return closed.size();
                    }));
            running.await();
            cache.unloadIdle();

            var cancellation = new Cancellation();
            var second =
                    threads.submit(() -> cache.use("b", "b", need(100), () -> load("b"), cancellation, Model::name));
            cancellation.request();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> second.get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(GenerationCanceled.class);

            end.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isZero();
            assertThat(cache.isLoaded("b")).isFalse();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void ownerThatLeavesDuringARunKeepsItsModelUntilTheRunEndsAndLoadsNoMore() throws Exception {
        var running = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var threads = Executors.newSingleThreadExecutor();
        try {
            var first =
                    threads.submit(() -> cache.use("a", "a", need(40), () -> load("a"), new Cancellation(), model -> {
                        running.countDown();
                        awaitEnd(end);
                        return closed.size();
                    }));
            running.await();

            cache.leave("a");
            assertThat(cache.isLoaded("a")).isTrue();

            end.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isZero();
        } finally {
            threads.shutdownNow();
        }
        assertThat(closed).containsExactly("a");
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> use("a", 40))
                .satisfies(failed -> assertThat(failed.failure().message()).contains("changed or removed"));
    }

    @DisplayName("A process that stops waits neither for a load nor for a run that waits for the device")
    @Test
    void loadsAndWaitingRunsEndWhenTheProcessStops() throws Exception {
        var loading = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var stops = List.of(new Cancellation(), new Cancellation());
        var threads = Executors.newFixedThreadPool(2);
        try {
            var runs = new ArrayList<Future<String>>();
            runs.add(threads.submit(() -> cache.use(
                    "slow",
                    "slow",
                    need(40),
                    () -> {
                        loading.countDown();
                        awaitEnd(end);
                        return load("slow");
                    },
                    stops.get(0),
                    Model::name)));
            loading.await();
            runs.add(threads.submit(
                    () -> cache.use("next", "next", need(40), () -> load("next"), stops.get(1), Model::name)));

            stops.forEach(Cancellation::announceStop);

            for (var run : runs) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> run.get(20, TimeUnit.SECONDS))
                        .withCauseInstanceOf(GenerationCanceled.class);
            }
            assertThat(stops).allMatch(Cancellation::requested);
        } finally {
            end.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void canceledRunDoesNotWaitUntilItsModelIsLoaded() throws Exception {
        var loading = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var cancellation = new Cancellation();
        var threads = Executors.newFixedThreadPool(2);
        try {
            var canceled = threads.submit(() -> cache.use(
                    "slow",
                    "slow",
                    need(40),
                    () -> {
                        loading.countDown();
                        awaitEnd(end);
                        return load("slow");
                    },
                    cancellation,
                    Model::name));
            loading.await();
            cancellation.request();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> canceled.get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(GenerationCanceled.class);

            var next = threads.submit(() -> use("b", 40));
            assertThat(next.isDone()).isFalse();
            end.countDown();

            assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo("b");
            assertThat(cache.isLoaded("slow")).isTrue();
        } finally {
            end.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void modelIsUnloadedOnRequestAndAllAtTheEnd() {
        use("a", 40);
        use("b", 40);

        cache.leave("a");
        cache.leave("never loaded");
        assertThat(closed).containsExactly("a");

        cache.close();
        assertThat(closed).containsExactly("a", "b");
    }

    @Test
    void memoryOfARunIsTakenFromOtherModelsAndNeverFromItsOwn() {
        use("a", 40);
        use("b", 40);

        assertThat(use("b", new MemoryNeed(40, 20))).isEqualTo("b");
        assertThat(closed).isEmpty();

        assertThat(use("b", new MemoryNeed(40, 21))).isEqualTo("b");
        assertThat(closed).containsExactly("a");
        assertThat(loads).hasValue(2);
    }

    @Test
    void modelThatLeavesNoMemoryForItsRunIsRefused() {
        assertThat(cache.left(60)).isEqualTo(40);
        assertThat(cache.left(101)).isNegative();

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> use("a", new MemoryNeed(60, 41)))
                .satisfies(failed -> assertThat(failed.failure().code()).isEqualTo(Code.NOT_CONFIGURED));
        assertThat(loads).hasValue(0);
    }

    private String use(String name, long bytes) {
        return use(name, need(bytes));
    }

    private String use(String name, MemoryNeed need) {
        return cache.use(name, name, need, () -> load(name), new Cancellation(), Model::name);
    }

    private static MemoryNeed need(long model) {
        return new MemoryNeed(model, 0);
    }

    private Model load(String name) {
        loads.incrementAndGet();
        return new Model(name);
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Model implements AutoCloseable {

        private final String name;

        Model(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }
}
