package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away and comes back under a running task. */
final class BrokerRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    @Test
    void runningTaskIsJoinedByItsRedeliveryAndNotRunAgain() {
        var runs = new CopyOnWriteArrayList<String>();
        var mayEnd = new CountDownLatch(1);
        var renewal = new Witness(LeaseHarness.renewal(LeaseHarness.QUICK));
        var broker = EmbeddedBroker.start(folder, 0);
        int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);
        try (var crew = new LeaseHarness(broker.bootstrapServers())) {
            crew.order("long");
            TaskHandler<GenerationRequested> handler = lease -> {
                runs.add(lease.order().task());
                if (lease.order().task().equals("long")) {
                    mayEnd.await();
                }
                return TaskDisposition.ACCEPT;
            };
            crew.worker(1, handler, LeaseHarness.QUICK, renewal);
            await().atMost(PATIENCE).until(() -> runs.size() == 1);

            broker.close();
            broker = EmbeddedBroker.start(folder, port);
            crew.order("next");
            // Only a slot that holds the order again can renew it: the order has come back, and joined the task.
            await().atMost(PATIENCE).until(() -> renewal.renewedAfterLoss);
            mayEnd.countDown();

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(runs).containsExactly("long", "next"));
        } finally {
            broker.close();
        }
    }

    /** Sees leases lost and renewed. */
    private static final class Witness implements LeaseListener.Renewal {

        private final LeaseListener.Renewal renewal;
        private volatile boolean lost;
        private volatile boolean renewedAfterLoss;

        Witness(LeaseListener.Renewal renewal) {
            this.renewal = renewal;
        }

        @Override
        public Duration every() {
            return renewal.every();
        }

        @Override
        public void renew(ConsumerRecord<String, byte[]> taken, ShareConsumer<String, byte[]> consumer) {
            try {
                renewal.renew(taken, consumer);
            } catch (KafkaException e) {
                lost = true;
                throw e;
            }
            renewedAfterLoss = lost;
        }
    }
}
