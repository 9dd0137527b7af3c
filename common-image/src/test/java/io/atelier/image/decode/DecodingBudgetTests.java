package io.atelier.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.image.decode.ImageDecodingException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecodingBudgetTests {

    private static final int KIB = 1024;

    @Test
    void aDecoderWaitsUntilThereIsEnough() throws Exception {
        var budget = new DecodingBudget(10 * KIB, Duration.ofSeconds(20));
        var started = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var first = CompletableFuture.runAsync(() -> hold(budget, 8 * KIB, started, end));
        assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
        var second = CompletableFuture.supplyAsync(() -> reserve(budget, 4 * KIB));

        assertThatThrownBy(() -> second.get(100, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        end.countDown();

        first.get(5, TimeUnit.SECONDS);
        assertThat(second.get(5, TimeUnit.SECONDS)).isNull();
        assertThat(budget.available()).isEqualTo(10 * KIB);
    }

    @Test
    void aDecoderIsRefusedAfterTheTimeout() throws Exception {
        var budget = new DecodingBudget(10 * KIB, Duration.ofMillis(20));

        budget.reserving(8 * KIB, () -> {
            var refused = reserve(budget, 4 * KIB);
            assertThat(refused.reason()).isEqualTo(Reason.NO_MEMORY);
            assertThat(refused).hasMessageContaining("did not become free");
            return "";
        });

        assertThat(reserve(budget, 10 * KIB)).isNull();
    }

    @Test
    void moreThanTheWholeBudgetIsRefusedAtOnce() {
        var budget = new DecodingBudget(10 * KIB, Duration.ofDays(1));

        assertThat(reserve(budget, 11 * KIB).reason()).isEqualTo(Reason.EXCEEDS_MEMORY);
        assertThat(reserve(budget, Long.MAX_VALUE / 2).reason()).isEqualTo(Reason.EXCEEDS_MEMORY);
    }

    @Test
    void anErrorGivesTheMemoryBack() {
        var budget = new DecodingBudget(10 * KIB, Duration.ofMillis(20));

        assertThatThrownBy(() -> budget.reserving(8 * KIB, () -> {
                    throw new OutOfMemoryError("test");
                }))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(budget.available()).isEqualTo(10 * KIB);
    }

    private static ImageDecodingException reserve(DecodingBudget budget, long bytes) {
        return catchThrowableOfType(ImageDecodingException.class, () -> budget.reserving(bytes, () -> ""));
    }

    private static void hold(DecodingBudget budget, long bytes, CountDownLatch started, CountDownLatch end) {
        try {
            budget.<Boolean, InterruptedException>reserving(bytes, () -> {
                started.countDown();
                return end.await(10, TimeUnit.SECONDS);
            });
        } catch (ImageDecodingException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
