package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** Slots whose consumers die, without a broker: a container whose consumer died goes on saying that it runs. */
final class SlotPoolTests {

    private final FailingConsumers consumers = new FailingConsumers();

    @Test
    void deadConsumersAreNoticedAndReplaced() {
        var shift = begin(2);
        soon().until(() -> shift.leasing() == 2);

        consumers.breakAll();
        soon().until(() -> shift.leasing() < 2);
        consumers.mend();

        soon().until(() -> shift.leasing() == 2);
        assertThat(consumers.made()).isGreaterThan(2);
        shift.end();
        assertThat(shift.leasing()).isZero();
    }

    @Test
    void consumersThatCannotBeMadeYetAreMadeLater() {
        consumers.refuse();
        var shift = begin(1);
        assertThat(shift.leasing()).isZero();

        consumers.mend();

        soon().until(() -> shift.leasing() == 1);
        shift.end();
    }

    @Test
    void nothingIsReplacedAfterTheEnd() {
        var shift = begin(1);
        soon().until(() -> shift.leasing() == 1);
        consumers.breakAll();
        soon().until(() -> shift.leasing() == 0);

        shift.end();
        consumers.mend();
        int made = consumers.made();

        assertThat(shift.leasing()).isZero();
        assertThat(consumers.made()).isEqualTo(made);
    }

    private SlotPool begin(int slots) {
        var means = new TaskConsumerFactory.Means(
                new InMemoryEventPublisher(),
                ProvisioningFixture.provisioning(ProvisioningFixture.properties("127.0.0.1:1", List.of())),
                new CanceledJobs(),
                consumers,
                LeaseHarness.QUICK,
                LeaseHarness.renewal(LeaseHarness.QUICK),
                Clock.systemUTC(),
                ObservationRegistry.NOOP);
        return SlotPool.begin(
                means, TaskQueue.generations("default"), Samples.WORKER, slots, lease -> TaskDisposition.ACCEPT);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
    }
}
