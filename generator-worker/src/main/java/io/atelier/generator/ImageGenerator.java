package io.atelier.generator;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.messaging.lease.Cancellation;
import io.atelier.messaging.lease.Lease;
import io.atelier.messaging.lease.TaskHandler;
import io.atelier.messaging.lease.Verdict;
import io.atelier.messaging.worker.Waiting;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the pictures of one order: engine, store, report, in this order, so that a picture that was announced can always be fetched.
 *
 * <p>Safe to run twice for the same order: what an earlier delivery drew is found in the store and reported again.
 */
final class ImageGenerator implements TaskHandler<GenerationRequested> {

    private static final Logger log = LoggerFactory.getLogger(ImageGenerator.class);

    /** As often as a person can see. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);

    private final String workerId;
    private final Engines engines;
    private final PictureAlbum album;
    private final EventPublisher events;
    private final InstantSource clock;

    ImageGenerator(String workerId, Engines engines, PictureAlbum album, EventPublisher events, InstantSource clock) {
        this.workerId = workerId;
        this.engines = engines;
        this.album = album;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Verdict handle(Lease<GenerationRequested> lease) throws InterruptedException {
        if (lease.cancellation().requested()) {
            return Verdict.RELEASE;
        }
        var attempt = attempt(lease);
        try {
            Waiting.on(events.publish(attempt.started(clock.instant())));
            var outcome = outcome(attempt, lease.cancellation());
            if (outcome.isEmpty()) {
                log.info("{}: stopped", attempt);
                return Verdict.RELEASE;
            }
            Waiting.on(events.publish(outcome.get()));
            return Verdict.ACCEPT;
        } catch (PublishingFailed e) {
            log.warn("{}: could not be reported and is given back: {}", attempt, e.getMessage());
            return Verdict.RELEASE;
        }
    }

    private Attempt attempt(Lease<GenerationRequested> lease) {
        var order = lease.order();
        var name = order.request().engine();
        var device = engines.named(name).map(GenerationEngine::device).orElse("none");
        return new Attempt(order, lease.attempt(), new Worker(workerId, name, device));
    }

    /** What there is to report; empty if the attempt was broken off, as it was told to be. */
    private Optional<JobEvent> outcome(Attempt attempt, Cancellation cancellation) throws InterruptedException {
        try {
            return Optional.of(success(attempt, cancellation));
        } catch (GenerationCanceled e) {
            return cancellation.requested()
                    ? Optional.empty()
                    : Optional.of(failed(attempt, new Failure(Code.ENGINE_ERROR, "The engine stopped by itself.")));
        } catch (GenerationFailed e) {
            return Optional.of(failed(attempt, e.failure()));
        } catch (ObjectStoreFailed e) {
            var message = "The object store did not give or keep the images: " + e.getMessage();
            return Optional.of(failed(attempt, new Failure(Code.STORAGE_ERROR, message)));
        } catch (OutOfMemoryError e) {
            log.error("{}: out of memory", attempt, e);
            return Optional.of(failed(attempt, outOfMemory()));
        } catch (RuntimeException | Error e) {
            log.error("{}: unexpected", attempt, e);
            return Optional.of(failed(attempt, unexpected(attempt.worker())));
        }
    }

    private JobEvent success(Attempt attempt, Cancellation cancellation) throws InterruptedException {
        // A redelivery finds its pictures made: another run of the engine could cost another fee.
        var found = album.find(attempt.order());
        if (found.isPresent()) {
            log.info("{}: found in the store", attempt);
            return attempt.succeeded(clock.instant(), found.get(), null);
        }
        var request = attempt.order().request();
        var engine = engines.named(request.engine())
                .orElseThrow(() -> new GenerationFailed(unknownEngine(request.engine())));
        var run = new GenerationRun(attempt.order().job().value(), attempt.number(), progress(attempt), cancellation);
        long start = System.nanoTime();
        var pictures = engine.generate(request, run);
        long engineMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        var kept = album.keep(attempt.order(), pictures);
        log.info("{}: drawn in {} ms", attempt, engineMillis);
        return attempt.succeeded(clock.instant(), kept, engineMillis);
    }

    private ThrottledProgress progress(Attempt attempt) {
        return new ThrottledProgress(
                (phase, step, steps) -> events.publish(attempt.progress(clock.instant(), phase, step, steps)),
                clock,
                PROGRESS_INTERVAL);
    }

    private JobEvent failed(Attempt attempt, Failure failure) {
        log.info("{}: {}: {}", attempt, failure.code().word(), failure.message());
        return attempt.failed(clock.instant(), failure);
    }

    private Failure unknownEngine(String name) {
        var known = engines.names().isEmpty() ? "none" : String.join(", ", engines.names());
        var message =
                "This worker has no engine '%s'; it has: %s. Start a worker that has it, or ask for another model.";
        return new Failure(Code.ENGINE_UNAVAILABLE, message.formatted(name, known));
    }

    private static Failure outOfMemory() {
        return new Failure(
                Code.OUT_OF_MEMORY,
                "The worker ran out of memory. Ask for fewer or smaller images, or give the worker more memory.");
    }

    private static Failure unexpected(Worker worker) {
        var message = "The engine '%s' broke unexpectedly. The log of worker %s says why.";
        return new Failure(Code.ENGINE_ERROR, message.formatted(worker.engine(), worker.id()));
    }
}
