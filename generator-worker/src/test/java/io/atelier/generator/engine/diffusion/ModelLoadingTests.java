package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.work.LocalModel.Loading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelLoadingTests {

    private final AtomicLong nanos = new AtomicLong(17);

    @Test
    void theFirstLoadIsEstimatedFromTheNetworksThatAreThere() {
        var loading = loading(null);

        assertThat(loading.estimate()).isEqualTo(new Loading(0, null));
        pass(10);
        assertThat(loading.estimate()).isEqualTo(new Loading(0, null));
        loading.loaded(250);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.25, 30L));
        pass(10);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.5, 20L));
    }

    @Test
    void aSmallNetworkDoesNotSayHowLongTheOthersTake() {
        var loading = loading(null);
        pass(10);
        loading.loaded(49);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.04, null));

        loading.loaded(51);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.1, 90L));
    }

    @Test
    void aLaterLoadIsEstimatedFromTheEarlierOne() {
        var loading = loading(Duration.ofSeconds(40));

        assertThat(loading.estimate()).isEqualTo(new Loading(0, 40L));
        pass(30);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.75, 10L));
        loading.loaded(900);
        assertThat(loading.estimate()).isEqualTo(new Loading(0.9, 10L));
    }

    @Test
    void aLoadThatTakesLongerThanTheEarlierOneIsNeverComplete() {
        var loading = loading(Duration.ofSeconds(10));

        pass(1_000);

        assertThat(loading.estimate()).isEqualTo(new Loading(0.99, 1L));
        assertThat(loading.elapsed()).isEqualTo(Duration.ofSeconds(1_000));
    }

    private ModelLoading loading(@Nullable Duration earlier) {
        return new ModelLoading(1_000, earlier, nanos::get);
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
