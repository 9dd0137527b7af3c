package io.atelier.worker.lease;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports down while a running task consumer has a slot that does not lease. */
final class LeaseHealth implements HealthIndicator {

    private final Supplier<Stream<TaskConsumer.Status>> consumers;

    /** @param consumers the current status of each running task consumer */
    LeaseHealth(Supplier<Stream<TaskConsumer.Status>> consumers) {
        this.consumers = consumers;
    }

    @Override
    public Health health() {
        var health = Health.up();
        consumers.get().forEach(status -> {
            var detail =
                    "%d of %d slots lease, %d tasks run".formatted(status.leasing(), status.slots(), status.running());
            if (status.stuck() > 0) {
                detail += ", of which %d were given up and do not stop; restart this worker".formatted(status.stuck());
            }
            health.withDetail(status.topic(), detail);
            if (!status.isComplete()) {
                health.down();
            }
        });
        return health.build();
    }
}
