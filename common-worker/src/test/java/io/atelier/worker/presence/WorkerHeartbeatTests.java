package io.atelier.worker.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Samples;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a worker says that it is there, and what it says. */
final class WorkerHeartbeatTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryEventPublisher told = new InMemoryEventPublisher();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicReference<@Nullable List<EngineState>> engines = new AtomicReference<>();
    private WorkerHeartbeat announcer = announcer(Duration.ofMinutes(5));

    @AfterEach
    void stop() {
        announcer.stop();
    }

    @Test
    void workerIsAnnouncedBeforeItsStartReturns() {
        announcer.start();

        assertThat(told.workers())
                .containsExactly(new WorkerAnnounced(
                        "worker-1",
                        WorkerAnnounced.GENERATOR,
                        "default",
                        List.of("pocket", "test-card"),
                        "cpu",
                        2,
                        0,
                        Samples.AT,
                        Samples.AT,
                        300_000,
                        false,
                        null));
    }

    @Test
    void workerSaysAgainAndAgainThatItIsThere() {
        announcer = announcer(Duration.ofMillis(20));

        announcer.start();

        await().atMost(PATIENCE).until(() -> told.workers().size() >= 4);
        assertThat(told.workers()).noneMatch(WorkerAnnounced::leaving);
    }

    @Test
    void changeOfTheRunningTasksIsToldBeforeTheNextTurn() {
        announcer.start();

        running.set(2);

        await().atMost(PATIENCE).until(() -> told.workers().size() == 2);
        assertThat(told.workers().get(1).running()).isEqualTo(2);
    }

    @Test
    void changeOfAnEngineIsToldBeforeTheNextTurn() {
        announcer.start();

        engines.set(List.of(new EngineState("pocket", EngineState.FAILING, "It fails.")));

        await().atMost(PATIENCE).until(() -> told.workers().size() == 2);
        assertThat(told.workers().get(1).engineStates())
                .containsExactly(new EngineState("pocket", EngineState.FAILING, "It fails."));
    }

    @Test
    void lastWordIsThatItLeaves() {
        announcer = announcer(Duration.ofMillis(20));
        announcer.start();

        announcer.stop();

        int words = told.workers().size();
        assertThat(told.workers().get(words - 1).leaving()).isTrue();
        assertThat(announcer.isRunning()).isFalse();
    }

    @Test
    void brokersThatAreAwayEndNothing() {
        told.goDown();
        announcer = announcer(Duration.ofMillis(20));
        announcer.start();
        assertThat(told.workers()).isEmpty();

        told.comeBack();

        await().atMost(PATIENCE).until(() -> told.workers().size() >= 2);
    }

    private WorkerHeartbeat announcer(Duration every) {
        var presence = new WorkerInfo(
                "worker-1", WorkerAnnounced.GENERATOR, "default", List.of("test-card", "pocket"), "cpu", 2);
        return new WorkerHeartbeat(
                presence, () -> new WorkerLoad(running.get(), engines.get()), told, every, () -> Samples.AT);
    }
}
