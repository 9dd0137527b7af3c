package io.atelier.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.ObjectStoreFailed.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retries of calls of a store that is down. The pauses take no time here. */
final class StoreRetryTests {

    private final List<Duration> pauses = new ArrayList<>();
    private int calls;

    @Test
    void callsAreRetriedUntilTheStoreIsAvailable() throws Exception {
        var result = new StoreRetry(Duration.ofMinutes(1)).call(failing(Kind.UNAVAILABLE, 6), pauses::add);

        assertThat(result).isEqualTo("stored");
        assertThat(calls).isEqualTo(7);
        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(1_600),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2));
    }

    @Test
    void otherFailuresAreNotRetried() {
        for (var kind : List.of(Kind.REFUSED, Kind.NOT_FOUND)) {
            assertThatThrownBy(() ->
                            new StoreRetry(Duration.ofMinutes(1)).call(failing(kind, Integer.MAX_VALUE), pauses::add))
                    .isInstanceOf(ObjectStoreFailed.class);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void retriesEndAtTheLimit() {
        var retry = new StoreRetry(Duration.ofMillis(20));

        assertThatThrownBy(() -> retry.call(
                        failing(Kind.UNAVAILABLE, Integer.MAX_VALUE),
                        pause -> assertThat(pause).isPositive()))
                .isInstanceOf(ObjectStoreFailed.class);

        assertThat(calls).isGreaterThan(1);
    }

    @Test
    void pauseCanEndTheRetries() {
        assertThatThrownBy(() -> new StoreRetry(Duration.ofMinutes(1))
                        .call(failing(Kind.UNAVAILABLE, Integer.MAX_VALUE), pause -> {
                            throw new UnsupportedOperationException();
                        }))
                .isInstanceOf(UnsupportedOperationException.class);

        assertThat(calls).isEqualTo(1);
    }

    private StoreRetry.Call<String> failing(Kind kind, int times) {
        return () -> {
            if (calls++ < times) {
                throw new ObjectStoreFailed(kind, "failed by the test");
            }
            return "stored";
        };
    }
}
