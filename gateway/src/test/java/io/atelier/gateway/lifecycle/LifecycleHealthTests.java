package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class LifecycleHealthTests {

    @Test
    void itIsUpWhileTheLifecycleRunsOrGetsItsPartitions() {
        assertThat(status(State.RUNNING)).isEqualTo(Status.UP);
        assertThat(status(State.REBALANCING)).isEqualTo(Status.UP);
    }

    @Test
    void itIsDownIfTheLifecycleHasEndedOrHasNotBegun() {
        assertThat(status()).isEqualTo(Status.DOWN);
        assertThat(status(State.ERROR)).isEqualTo(Status.DOWN);
        assertThat(status(State.NOT_RUNNING)).isEqualTo(Status.DOWN);
        assertThat(status(State.RUNNING, State.PENDING_ERROR)).isEqualTo(Status.DOWN);
    }

    private static Status status(State... states) {
        return new LifecycleHealth(() -> List.of(states)).health().getStatus();
    }
}
