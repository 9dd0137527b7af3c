package io.atelier.splitter.publish;

import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports {@code DEGRADED} while images cannot be published, and logs the beginning and the end of that: since the bucket could not be used, until it can,
 * or since it refused a copy, until one was made. A worker that is degraded is ready, because all its other work goes on. Thread-safe.
 */
public final class PublishingHealth implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED", "Images of avatars cannot be published");

    private static final Logger LOG = LoggerFactory.getLogger(PublishingHealth.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Shorter than the second that probes wait for an answer. */
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

    private final ObjectPublisher publisher;

    private @Nullable String unusable;
    private @Nullable String refused;
    private @Nullable CompletableFuture<Void> preparation;

    public PublishingHealth(ObjectPublisher publisher) {
        this.publisher = publisher;
    }

    /** Without a call while publishing works. Blocks for half a second at most. */
    @Override
    public Health health() {
        if (isUnusable()) {
            prepare(PROBE_TIMEOUT);
        }
        synchronized (this) {
            var reason = unusable == null ? refused : unusable;
            return reason == null
                    ? Health.up().build()
                    : Health.status(DEGRADED)
                            .withDetail("bucket", publisher.bucket())
                            .withDetail("error", reason)
                            .build();
        }
    }

    /** Creates the bucket if it is missing and may be created, and remembers whether it can be used. Blocks, at most for some seconds. */
    void prepare() {
        prepare(TIMEOUT);
    }

    private void prepare(Duration timeout) {
        try {
            preparation().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            forgetPreparation();
            bucket(null);
        } catch (ExecutionException e) {
            forgetPreparation();
            bucket(String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()));
        } catch (TimeoutException e) {
            if (!isUnusable()) {
                bucket("The S3 server did not answer within " + timeout.toSeconds() + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The call whose result was not seen yet, or else a new one. */
    private synchronized CompletableFuture<Void> preparation() {
        if (preparation == null) {
            preparation = publisher.prepare();
        }
        return preparation;
    }

    private synchronized void forgetPreparation() {
        preparation = null;
    }

    /** A task has published its images. */
    synchronized void published() {
        change(null, null);
    }

    /** A task has not published its images. Only a refusal of the store counts: what else is wrong is wrong with the task, or an outage, whose end it awaits. */
    synchronized void failed(RuntimeException failure) {
        var thrown = failure instanceof ObjectStoreFailed ? failure : failure.getCause();
        if (thrown instanceof ObjectStoreFailed store && store.kind() == ObjectStoreFailed.Kind.REFUSED) {
            change(unusable, store.getMessage());
        }
    }

    private synchronized boolean isUnusable() {
        return unusable != null;
    }

    private synchronized void bucket(@Nullable String reason) {
        change(reason, refused);
    }

    private synchronized void change(@Nullable String nowUnusable, @Nullable String nowRefused) {
        boolean was = unusable != null || refused != null;
        unusable = nowUnusable;
        refused = nowRefused;
        boolean is = unusable != null || refused != null;
        if (is && !was) {
            LOG.warn(
                    "Images of avatars cannot be published now: {} All other work goes on.",
                    unusable == null ? refused : unusable);
        } else if (was && !is) {
            LOG.info("Images of avatars can be published again.");
        }
    }
}
