package io.atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AsyncRetryTests {

    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void makesOneCallIfItSucceeds() {
        assertThat(AsyncRetry.of(() -> failingUntil(1), failure -> true).join()).isEqualTo(1);
    }

    @Test
    void retriesUntilACallSucceeds() {
        assertThat(AsyncRetry.of(() -> failingUntil(3), failure -> true).join()).isEqualTo(3);
    }

    @Test
    void failsAfterTheThirdCall() {
        assertThatThrownBy(() ->
                        AsyncRetry.of(() -> failingUntil(4), failure -> true).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("call 3");

        assertThat(calls).hasValue(3);
    }

    @Test
    void doesNotRetryPermanentFailures() {
        assertThatThrownBy(() -> AsyncRetry.of(() -> failingUntil(2), failure -> !(failure instanceof IOException))
                        .join())
                .hasRootCauseMessage("call 1");

        assertThat(calls).hasValue(1);
    }

    @Test
    void turnsAThrowingCallIntoAFailedFuture() {
        var future = AsyncRetry.of(
                () -> {
                    throw new IllegalArgumentException("wrong");
                },
                failure -> false);

        assertThatThrownBy(future::join).hasRootCauseMessage("wrong");
    }

    private CompletableFuture<Integer> failingUntil(int call) {
        int made = calls.incrementAndGet();
        return made < call
                ? CompletableFuture.failedFuture(new IOException("call " + made))
                : CompletableFuture.completedFuture(made);
    }
}
