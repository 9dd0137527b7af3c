package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BrokerAnswerTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String WANTED = "the end offsets of a-topic";

    @Test
    void anAnswerIsReturned() {
        assertThat(BrokerAnswer.await(CompletableFuture.completedFuture(7L), TIMEOUT, WANTED))
                .isEqualTo(7L);
    }

    @Test
    void aFailureNamesWhatWasAskedForAndItsCause() {
        var failed = CompletableFuture.failedFuture(new UnsupportedOperationException("no such topic"));

        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerAnswer.await(failed, TIMEOUT, WANTED))
                .withMessageContaining(WANTED)
                .withMessageContaining("no such topic");
    }

    @Test
    void aMissingAnswerIsAFailureAfterTheTimeout() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerAnswer.await(new CompletableFuture<>(), Duration.ofMillis(20), WANTED))
                .withMessage("The brokers did not return the end offsets of a-topic within 20 ms");
    }

    @Test
    void anInterruptedThreadKeepsItsInterrupt() {
        Thread.currentThread().interrupt();

        assertThatIllegalStateException()
                .isThrownBy(() -> BrokerAnswer.await(new CompletableFuture<>(), TIMEOUT, WANTED))
                .withMessageStartingWith("Interrupted");

        assertThat(Thread.interrupted()).isTrue();
    }
}
