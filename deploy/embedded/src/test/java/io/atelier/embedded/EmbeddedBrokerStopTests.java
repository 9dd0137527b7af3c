package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerStopTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void returnsWhenTheBrokerHasStopped() {
        var stopped = new AtomicBoolean();

        EmbeddedBroker.stopWithin(LONG, () -> stopped.set(true));

        assertThat(stopped).isTrue();
    }

    @Test
    void doesNotWaitForABrokerThatNeverStops() {
        var never = new CountDownLatch(1);

        assertThatThrownBy(() -> EmbeddedBroker.stopWithin(Duration.ofMillis(50), () -> await(never)))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageContaining("has not stopped after 50 ms");
        never.countDown();
    }

    @Test
    void reportsWhyAStopFailed() {
        assertThatThrownBy(() -> EmbeddedBroker.stopWithin(LONG, () -> {
                    throw new IllegalStateException("no such log");
                }))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageContaining("no such log");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
