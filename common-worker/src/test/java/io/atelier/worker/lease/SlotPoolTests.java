package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** Slots whose consumers end, without a broker. */
final class SlotPoolTests {

    private final FailingConsumers consumers = new FailingConsumers();

    @Test
    void endedConsumersAreReplaced() {
        var pool = start(2);
        soon().until(() -> pool.leasing() == 2);

        consumers.failPolls();
        soon().until(() -> pool.leasing() < 2);
        consumers.recover();

        soon().until(() -> pool.leasing() == 2);
        assertThat(consumers.created()).isGreaterThan(2);
        pool.stop();
        assertThat(pool.leasing()).isZero();
    }

    @Test
    void consumersThatCannotBeCreatedAreCreatedLater() {
        consumers.failCreation();
        var pool = start(1);
        assertThat(pool.leasing()).isZero();

        consumers.recover();

        soon().until(() -> pool.leasing() == 1);
        pool.stop();
    }

    @Test
    void noConsumerIsReplacedAfterTheStop() {
        var pool = start(1);
        soon().until(() -> pool.leasing() == 1);
        consumers.failPolls();
        soon().until(() -> pool.leasing() == 0);

        pool.stop();
        consumers.recover();
        int created = consumers.created();

        assertThat(pool.leasing()).isZero();
        assertThat(consumers.created()).isEqualTo(created);
    }

    private SlotPool start(int slots) {
        var factory = new TaskConsumerFactory(
                new InMemoryEventPublisher(),
                ProvisioningFixture.provisioner(ProvisioningFixture.properties("127.0.0.1:1", List.of())),
                new CanceledJobs(),
                consumers,
                LeaseHarness.SHORT,
                LeaseHarness.renewal(LeaseHarness.SHORT),
                ObservationRegistry.NOOP);
        var pool = factory.createPool(
                TaskQueue.generations("default"),
                slots,
                Samples.WORKER,
                lease -> Disposition.ACCEPT,
                new TaskForwarder<>(new InMemoryEventPublisher(), TaskPlacement.here()));
        pool.start();
        return pool;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
    }
}
