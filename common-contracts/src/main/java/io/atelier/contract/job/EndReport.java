package io.atelier.contract.job;

import org.jspecify.annotations.Nullable;

/** A worker's report about the end of an attempt. */
public sealed interface EndReport extends JobEvent.Report
        permits JobEvent.TaskSucceeded, JobEvent.TaskFailed, JobEvent.TaskCanceled {

    /** The number of calls by which this delivery asked a provider for images, failed and repeated ones included; null if it made none. */
    @Nullable
    Integer providerCalls();

    /** What the provider says it used for this delivery, also for answers that failed; null if it said nothing. */
    @Nullable
    ProviderUsage providerUsage();
}
