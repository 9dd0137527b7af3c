package io.atelier.worker.store;

import io.atelier.storage.ObjectStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports down while the object store cannot be used or the bucket is missing: a worker that cannot store images is not ready. */
public final class ObjectStoreHealth implements HealthIndicator {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ObjectStore store;

    public ObjectStoreHealth(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        try {
            store.check().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return Health.up().build();
        } catch (ExecutionException e) {
            return Health.down(e).build();
        } catch (TimeoutException e) {
            return Health.down()
                    .withDetail("error", "no response within " + TIMEOUT.toSeconds() + " s")
                    .build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }
}
