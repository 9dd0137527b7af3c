package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.worker.lease.WorkSlots.Claim;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a consumer may fetch, and when work may begin. */
final class WorkSlotsTests {

    private final WorkSlots slots = new WorkSlots(1);

    @Test
    void slotIsClaimedOnce() {
        var claim = slots.claim(Duration.ZERO).orElseThrow();
        assertThat(slots.claim(Duration.ZERO)).isEmpty();

        claim.free();
        claim.free();

        assertThat(slots.claim(Duration.ZERO)).isPresent();
        assertThat(slots.claim(Duration.ZERO)).isEmpty();
    }

    @Test
    void oneConsumerFetchesAtATime() throws Exception {
        var several = new WorkSlots(3, new AtomicLong()::get);
        var first = several.claim(Duration.ZERO).orElseThrow();
        assertThat(several.claim(Duration.ofMillis(5)))
                .as("while another one fetches")
                .isEmpty();

        first.fetched();
        first.fetched();
        var second = several.claim(Duration.ZERO).orElseThrow();
        assertThat(several.claim(Duration.ZERO)).isEmpty();

        second.free();
        assertThat(several.claim(Duration.ZERO))
                .as("after the end of a consumer that fetched")
                .isPresent();
        assertThat(several.claim(Duration.ZERO)).isEmpty();
    }

    @Test
    void waitingConsumerFetchesWhenTheRecordOfAnotherOneHasArrived() throws Exception {
        var several = new WorkSlots(2);
        var first = several.claim(Duration.ZERO).orElseThrow();
        var claimed = new AtomicBoolean();
        var thread = new Thread(
                () -> claimed.set(several.claim(Duration.ofSeconds(30)).isPresent()));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        first.fetched();

        thread.join(10_000);
        assertThat(claimed).isTrue();
    }

    @Test
    void workWaitsForThatOfATaskWhoseLeaseWasLost() throws Exception {
        var first = slots.work();
        first.begin();
        var hasBegun = new AtomicBoolean();
        var second = slots.work();
        var thread = new Thread(() -> {
            try {
                second.begin();
                hasBegun.set(true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(hasBegun).isFalse();

        first.end();
        first.end();

        thread.join(10_000);
        assertThat(hasBegun).isTrue();
        second.end();
        slots.work().begin();
    }

    @Test
    void oneConsumerOfASlotMayFetch() {
        var one = new ConsumerSlot(slots);
        var other = new ConsumerSlot(slots);
        assertThat(one.mayFetch(Duration.ZERO)).isTrue();
        assertThat(one.mayFetch(Duration.ZERO)).isTrue();
        assertThat(other.mayFetch(Duration.ofMillis(5))).isFalse();

        var claim = one.receive();
        assertThat(one.mayFetch(Duration.ZERO)).as("to renew the lease").isTrue();
        assertThat(other.mayFetch(Duration.ZERO)).isFalse();

        claim.free();
        assertThat(other.mayFetch(Duration.ZERO)).isTrue();
        one.release();
        assertThat(one.mayFetch(Duration.ZERO)).isFalse();
    }

    @Test
    void noSlotIsClaimedOnceTheWorkerStops() {
        var claim = slots.claim(Duration.ZERO).orElseThrow();

        slots.close();
        claim.free();

        assertThat(slots.claim(Duration.ofMillis(5))).isEmpty();
        assertThat(new ConsumerSlot(slots).mayFetch(Duration.ZERO)).isFalse();
    }

    @Test
    void endedConsumerClaimsNoSlot() {
        var one = new ConsumerSlot(slots);
        assertThat(one.mayFetch(Duration.ZERO)).isTrue();

        one.close();

        assertThat(new ConsumerSlot(slots).mayFetch(Duration.ZERO)).isTrue();
    }

    @Test
    void whileTasksAreShortRecordsAreFetchedAhead() throws Exception {
        var nanos = new AtomicLong();
        var several = new WorkSlots(3, nanos::get);
        assertThat(claims(several)).isEqualTo(3);

        work(several, nanos, 7, Duration.ofMillis(999));
        assertThat(claims(several)).as("too few short tasks").isEqualTo(3);
        work(several, nanos, 1, Duration.ofMillis(999));
        assertThat(claims(several)).isEqualTo(5);

        work(several, nanos, 1, Duration.ofSeconds(1));
        assertThat(claims(several)).as("after a longer task").isEqualTo(3);
    }

    @Test
    void waitingConsumerClaimsWhenTasksTurnOutToBeShort() throws Exception {
        assertThat(slots.claim(Duration.ZERO)).isPresent();
        var claimed = new AtomicBoolean();
        var thread =
                new Thread(() -> claimed.set(slots.claim(Duration.ofSeconds(30)).isPresent()));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        work(slots, new AtomicLong(), 8, Duration.ZERO);

        thread.join(10_000);
        assertThat(claimed).isTrue();
    }

    @Test
    void whatWasFetchedAheadIsWorkedOnAlsoOnceTheWorkerStops() throws Exception {
        work(slots, new AtomicLong(), 8, Duration.ZERO);
        var running = slots.work();
        running.begin();
        assertThat(claims(slots)).isEqualTo(2);
        var ahead = slots.work();
        var thread = new Thread(() -> {
            try {
                ahead.begin();
                ahead.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);

        slots.close();
        running.end();

        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(claims(slots)).isZero();
    }

    @Test
    void recordWithoutAClaimIsAMistake() {
        assertThatThrownBy(() -> new ConsumerSlot(slots).receive()).isInstanceOf(IllegalStateException.class);
    }

    /** How many claims there may be at a time. */
    private static int claims(WorkSlots slots) {
        var claims = Stream.generate(() -> slots.claim(Duration.ZERO))
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .peek(Claim::fetched)
                .toList();
        claims.forEach(Claim::free);
        return claims.size();
    }

    private static void work(WorkSlots slots, AtomicLong nanos, int tasks, Duration each) throws InterruptedException {
        for (int i = 0; i < tasks; i++) {
            var work = slots.work();
            work.begin();
            nanos.addAndGet(each.toNanos());
            work.end();
        }
    }
}
