package io.atelier.worker.store;

import io.atelier.storage.ObjectStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the store can be used: a worker that cannot keep pictures is not ready. */
public final class ObjectStoreHealth implements HealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectStore store;

    public ObjectStoreHealth(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        try {
            store.check().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Health.up().build();
        } catch (ExecutionException e) {
            return Health.down(e).build();
        } catch (TimeoutException e) {
            return Health.down()
                    .withDetail("error", "no answer in " + PATIENCE.toSeconds() + " s")
                    .build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }
}
