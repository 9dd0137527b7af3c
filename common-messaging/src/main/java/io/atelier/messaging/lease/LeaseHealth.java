package io.atelier.messaging.lease;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether every slot of every loop has a living consumer. */
final class LeaseHealth implements HealthIndicator {

    private final ObjectProvider<LeaseLoop<?>> loops;

    LeaseHealth(ObjectProvider<LeaseLoop<?>> loops) {
        this.loops = loops;
    }

    @Override
    public Health health() {
        var health = Health.up();
        loops.stream().filter(LeaseLoop::isRunning).map(LeaseLoop::status).forEach(status -> {
            health.withDetail(
                    status.topic(),
                    "%d of %d slots lease, %d tasks run".formatted(status.leasing(), status.slots(), status.running()));
            if (!status.complete()) {
                health.down();
            }
        });
        return health.build();
    }
}
