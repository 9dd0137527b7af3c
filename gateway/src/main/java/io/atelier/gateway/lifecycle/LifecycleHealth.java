package io.atelier.gateway.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports down while the lifecycle neither runs nor gets its partitions; then no job of this gateway makes progress. Asks no broker. */
public final class LifecycleHealth implements HealthIndicator {

    private final Supplier<List<KafkaStreams.State>> states;

    /** @param states of all streams of this process that are started */
    public LifecycleHealth(Supplier<List<KafkaStreams.State>> states) {
        this.states = states;
    }

    @Override
    public Health health() {
        var all = states.get();
        boolean runs = !all.isEmpty() && all.stream().allMatch(KafkaStreams.State::isRunningOrRebalancing);
        return (runs ? Health.up() : Health.down())
                .withDetail("states", all.stream().map(Objects::toString).toList())
                .build();
    }
}
