package io.atelier.worker.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.messaging.Samples;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a worker announces itself, and with which content; a thread polls in place of the binding. */
final class WorkerHeartbeatTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<WorkerAnnounced> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger besideSlots = new AtomicInteger();
    private final AtomicReference<@Nullable List<EngineState>> engines = new AtomicReference<>();
    private final ScheduledExecutorService binding = Executors.newSingleThreadScheduledExecutor();
    private WorkerHeartbeat heartbeat = heartbeat(Duration.ofMinutes(5), Duration.ofSeconds(30));

    @AfterEach
    void stop() {
        heartbeat.stop();
        binding.shutdownNow();
    }

    @Test
    void workerIsAnnouncedBeforeItsStartReturns() {
        poll();

        heartbeat.start();

        assertThat(published)
                .containsExactly(new WorkerAnnounced(
                        "worker-1",
                        WorkerAnnounced.GENERATOR,
                        "default",
                        List.of("pocket", "test-card"),
                        "cpu",
                        2,
                        0,
                        null,
                        Samples.AT,
                        Samples.AT,
                        300_000,
                        false,
                        null,
                        null));
    }

    @Test
    void nothingIsAnnouncedBeforeTheStart() {
        assertThat(heartbeat.due()).isEmpty();
        assertThat(heartbeat.isRunning()).isFalse();
    }

    @Test
    void workerIsAnnouncedAtEveryInterval() {
        heartbeat = heartbeat(Duration.ofMillis(20), Duration.ofSeconds(30));
        poll();

        heartbeat.start();

        await().atMost(TIMEOUT).until(() -> published.size() >= 4);
        assertThat(published).noneMatch(WorkerAnnounced::leaving);
    }

    @Test
    void changeOfTheRunningTasksIsAnnouncedBeforeTheNextInterval() {
        poll();
        heartbeat.start();

        running.set(2);

        await().atMost(TIMEOUT).until(() -> published.size() == 2);
        assertThat(published.get(1).running()).isEqualTo(2);
    }

    @Test
    void tasksBesideTheSlotsAreCountedApart() {
        running.set(1);
        besideSlots.set(3);
        poll();

        heartbeat.start();

        assertThat(published.get(0).running()).isEqualTo(4);
        assertThat(published.get(0).runningBesideSlots()).isEqualTo(3);
        assertThat(published.get(0).usedSlots()).isEqualTo(1);
    }

    @Test
    void noMoreSlotsAreInUseThanThereAre() {
        running.set(3);
        poll();

        heartbeat.start();

        assertThat(published.get(0).running()).isEqualTo(3);
        assertThat(published.get(0).usedSlots()).isEqualTo(published.get(0).slots());
    }

    @Test
    void changeOfAnEngineIsAnnouncedBeforeTheNextInterval() {
        poll();
        heartbeat.start();

        engines.set(List.of(new EngineState("pocket", EngineState.FAILING, "It fails.")));

        await().atMost(TIMEOUT).until(() -> published.size() == 2);
        assertThat(published.get(1).engineStates())
                .containsExactly(new EngineState("pocket", EngineState.FAILING, "It fails."));
    }

    @Test
    void lastAnnouncementSaysThatTheWorkerLeaves() {
        heartbeat = heartbeat(Duration.ofMillis(20), Duration.ofSeconds(30));
        poll();
        heartbeat.start();

        heartbeat.stop();

        assertThat(published.get(published.size() - 1).leaving()).isTrue();
        assertThat(published).extracting(WorkerAnnounced::leaving).containsOnlyOnce(true);
        assertThat(heartbeat.isRunning()).isFalse();
        assertThat(heartbeat.due()).isEmpty();
    }

    @Test
    void startAndStopReturnThoughNothingPolls() {
        heartbeat = heartbeat(Duration.ofMinutes(5), Duration.ofMillis(20));

        heartbeat.start();
        assertThat(heartbeat.isRunning()).isTrue();
        heartbeat.stop();

        assertThat(heartbeat.isRunning()).isFalse();
        assertThat(heartbeat.due()).isEmpty();
    }

    private void poll() {
        var unused = binding.scheduleWithFixedDelay(
                () -> heartbeat.due().ifPresent(published::add), 0, 5, TimeUnit.MILLISECONDS);
    }

    private WorkerHeartbeat heartbeat(Duration interval, Duration handoverTimeout) {
        var info = new WorkerInfo(
                "worker-1", WorkerAnnounced.GENERATOR, "default", List.of("test-card", "pocket"), "cpu", 2);
        return new WorkerHeartbeat(
                info,
                () -> new WorkerLoad(running.get(), besideSlots.get(), engines.get()),
                interval,
                () -> Samples.AT,
                handoverTimeout);
    }
}
