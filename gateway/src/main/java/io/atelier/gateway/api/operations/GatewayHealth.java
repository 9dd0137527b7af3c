package io.atelier.gateway.api.operations;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** The checks of {@code /readyz} for {@code /actuator/health}; down also while the image store cannot be used. */
public final class GatewayHealth implements ReactiveHealthIndicator {

    private final GatewayChecks checks;

    public GatewayHealth(GatewayChecks checks) {
        this.checks = checks;
    }

    @Override
    public Mono<Health> health() {
        return checks.run()
                .map(result -> (result.checks().containsValue(false) ? Health.down() : Health.up())
                        .withDetails(result.checks())
                        .build());
    }
}
