package io.atelier.gateway.view.jobs;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** The way of a job from the order that a 202 promises to the state that the view shows. */
@FunctionalInterface
public interface LifecycleOffsets {

    /**
     * Completes when the state of every job that was accepted before this was asked for has been written, by whichever gateway: what a view
     * that has caught up after that does not show was never accepted.
     *
     * <p>Fails with {@link JobsNotReady} if the brokers do not answer, or the lifecycle does not come that far, within the given time.
     */
    Mono<Void> entered(Duration within);
}
