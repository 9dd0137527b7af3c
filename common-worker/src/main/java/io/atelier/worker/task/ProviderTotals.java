package io.atelier.worker.task;

import io.atelier.contract.job.ProviderUsage;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt asked of providers so far.
 *
 * @param calls number of calls that asked for images; null if there was none
 * @param usage what the providers say they used; null if none said anything
 */
record ProviderTotals(@Nullable Integer calls, @Nullable ProviderUsage usage) {

    /** No call yet. */
    static final ProviderTotals NONE = new ProviderTotals(null, null);

    ProviderTotals plusCall() {
        return new ProviderTotals(calls == null ? 1 : calls + 1, usage);
    }

    ProviderTotals plus(ProviderUsage more) {
        return new ProviderTotals(calls, ProviderUsage.sum(usage, more));
    }
}
