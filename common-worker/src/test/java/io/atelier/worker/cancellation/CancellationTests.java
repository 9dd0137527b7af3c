package io.atelier.worker.cancellation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who hears of a request to stop, and of its reason. */
final class CancellationTests {

    private final Cancellation cancellation = new Cancellation();

    @Test
    void stopOfTheProcessIsNoRecall() {
        cancellation.request();

        assertThat(cancellation.requested()).isTrue();
        assertThat(cancellation.cancellationRequest()).isEmpty();
    }

    @Test
    void stopOfTheProcessEndsWhatOnlyWaits() {
        assertThat(cancellation.requestedWhileWaiting()).isFalse();

        cancellation.announceStop();
        assertThat(cancellation.requested()).isFalse();

        assertThat(cancellation.requestedWhileWaiting()).isTrue();
        assertThat(cancellation.requested()).isTrue();
        assertThat(cancellation.cancellationRequest()).isEmpty();
    }

    @Test
    void firstRecallCountsEvenAfterTheProcessWasToldToStop() {
        var first = Cancellation.Request.receivedNow(Duration.ofSeconds(1));

        cancellation.request();
        cancellation.request(first);
        cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(2)));

        assertThat(cancellation.cancellationRequest()).contains(first);
    }

    @Test
    void listenerIsToldOnceAndNotAfterItsRegistrationIsClosed() {
        var told = new AtomicInteger();
        cancellation.onRequest(told::incrementAndGet);
        cancellation.onRequest(told::incrementAndGet).close();

        cancellation.request(Cancellation.Request.receivedNow(Duration.ZERO));
        cancellation.request();

        assertThat(told).hasValue(1);
    }

    @Test
    void waitEndsWhenAskedToStopAndNotBefore() throws Exception {
        assertThat(cancellation.await(Duration.ofMillis(1))).isFalse();
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return cancellation.await(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        cancellation.request();

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
        assertThat(cancellation.await(Duration.ofMinutes(1))).isTrue();
    }
}
