package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The health of the task consumers of a worker. */
final class LeaseHealthTests {

    @Test
    void consumersWhoseSlotsAllLeaseAreUp() {
        var health = health(new TaskConsumer.Status("a", 2, 2, 1, 0), new TaskConsumer.Status("b", 1, 1, 0, 0));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("a", "2 of 2 slots lease, 1 tasks run");
    }

    @Test
    void oneSlotThatDoesNotLeaseIsDown() {
        var health = health(new TaskConsumer.Status("a", 2, 1, 0, 0), new TaskConsumer.Status("b", 1, 1, 0, 0));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void stuckTasksAreNamed() {
        var health = health(new TaskConsumer.Status("a", 2, 1, 1, 1));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(String.valueOf(health.getDetails().get("a"))).contains("1 were given up and do not stop");
    }

    private static Health health(TaskConsumer.Status... consumers) {
        return new LeaseHealth(() -> Stream.of(consumers)).health();
    }
}
