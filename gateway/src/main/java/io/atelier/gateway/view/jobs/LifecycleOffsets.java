package io.atelier.gateway.view.jobs;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** The progress of the lifecycle through the topics of requests. */
@FunctionalInterface
public interface LifecycleOffsets {

    /**
     * Completes when the lifecycle, in whichever gateway, has written the state of every job that was accepted before this call. A job that
     * a view which then catches up does not show was never accepted.
     *
     * <p>Fails with {@link JobsNotReady} if the brokers do not answer, or the lifecycle has not caught up, within the timeout.
     */
    Mono<Void> lifecycleCaughtUp(Duration timeout);
}
