package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.ProviderUsage.Tokens;
import org.junit.jupiter.api.Test;

class ProviderUsageTests {

    @Test
    void sumAddsWhatIsKnown() {
        var one = new ProviderUsage(1L, new Tokens(1L, null, null), 10L, null, 1L, 0.5);
        var other = new ProviderUsage(2L, new Tokens(2L, 3L, 4L), null, new Tokens(null, 7L, null), 2L, 1.0);

        assertThat(ProviderUsage.sum(one, other))
                .isEqualTo(ProviderUsage.sum(other, one))
                .isEqualTo(new ProviderUsage(3L, new Tokens(3L, 3L, 4L), 10L, new Tokens(null, 7L, null), 3L, 1.5));
    }

    @Test
    void nothingIsNeutral() {
        var usage = ProviderUsage.ofImages(3);

        assertThat(ProviderUsage.sum(usage, null)).isEqualTo(usage);
        assertThat(ProviderUsage.sum(null, usage)).isEqualTo(usage);
        assertThat(ProviderUsage.sum(null, null)).isNull();
    }

    @Test
    void sumsDoNotOverflow() {
        var usage = new ProviderUsage(Long.MAX_VALUE, null, ProviderUsage.MAX, null, null, Double.MAX_VALUE);

        assertThat(ProviderUsage.sum(usage, usage))
                .isEqualTo(new ProviderUsage(
                        ProviderUsage.MAX, null, ProviderUsage.MAX, null, null, (double) ProviderUsage.MAX));
    }
}
