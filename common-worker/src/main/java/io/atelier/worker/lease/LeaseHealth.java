package io.atelier.worker.lease;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while a loop that leases has a slot without a living consumer. */
final class LeaseHealth implements HealthIndicator {

    private final Supplier<Stream<TaskConsumer.Status>> loops;

    /** @param loops how the loops that are started stand now */
    LeaseHealth(Supplier<Stream<TaskConsumer.Status>> loops) {
        this.loops = loops;
    }

    @Override
    public Health health() {
        var health = Health.up();
        loops.get().forEach(status -> {
            var words =
                    "%d of %d slots lease, %d tasks run".formatted(status.leasing(), status.slots(), status.running());
            if (status.stuck() > 0) {
                words += ", of which %d were given up and do not stop; restart this worker".formatted(status.stuck());
            }
            health.withDetail(status.topic(), words);
            if (!status.complete()) {
                health.down();
            }
        });
        return health.build();
    }
}
