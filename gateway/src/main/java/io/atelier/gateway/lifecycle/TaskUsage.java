package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.ProviderUsage;
import org.jspecify.annotations.Nullable;

/**
 * What all attempts at a task, or at all tasks of a job, used in total.
 *
 * @param engineMillis milliseconds that engines needed; null until known
 * @param providerCalls number of calls by which providers were asked for images; null until one is reported
 * @param provider what providers say they used; null until one is reported
 */
record TaskUsage(
        @Nullable Long engineMillis,
        @Nullable Integer providerCalls,
        @Nullable ProviderUsage provider) {

    /** Nothing is known. */
    static final TaskUsage NONE = new TaskUsage(null, null, null);

    /** What an attempt used. */
    static TaskUsage of(EndReport report) {
        var engineMillis = report instanceof TaskSucceeded succeeded ? succeeded.engineMillis() : null;
        return new TaskUsage(engineMillis, report.providerCalls(), report.providerUsage());
    }

    /** The sum; null where both are. */
    TaskUsage plus(TaskUsage other) {
        return new TaskUsage(
                add(engineMillis, other.engineMillis),
                add(providerCalls, other.providerCalls),
                ProviderUsage.sum(provider, other.provider));
    }

    private static @Nullable Long add(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + other;
    }

    private static @Nullable Integer add(@Nullable Integer one, @Nullable Integer other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + other;
    }
}
