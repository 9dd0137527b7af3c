package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that restarts while a task runs. */
final class BrokerRestartIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    @Test
    void redeliveryJoinsTheRunningTaskAndDoesNotRunItAgain() {
        var runs = new CopyOnWriteArrayList<String>();
        var mayEnd = new CountDownLatch(1);
        var renewal = new RecordingRenewal(LeaseHarness.renewal(LeaseHarness.SHORT));
        var broker = EmbeddedBroker.start(folder, 0);
        int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);
        try (var harness = new LeaseHarness(broker.bootstrapServers())) {
            harness.publish("long");
            TaskHandler<GenerationRequested> handler = lease -> {
                runs.add(lease.task().task());
                if (lease.task().task().equals("long")) {
                    mayEnd.await();
                }
                return Disposition.ACCEPT;
            };
            harness.worker(1, handler, LeaseHarness.SHORT, renewal);
            await().atMost(TIMEOUT).until(() -> runs.size() == 1);

            broker.close();
            broker = EmbeddedBroker.start(folder, port);
            harness.publish("next");
            // Only a slot that holds the record again can renew it: the task was redelivered and joined its run.
            await().atMost(TIMEOUT).until(() -> renewal.renewedAfterLoss);
            mayEnd.countDown();

            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(runs).containsExactly("long", "next"));
        } finally {
            broker.close();
        }
    }

    /** Records whether leases were lost and renewed. */
    private static final class RecordingRenewal implements LeaseRenewal {

        private final LeaseRenewal renewal;
        private volatile boolean lost;
        private volatile boolean renewedAfterLoss;

        RecordingRenewal(LeaseRenewal renewal) {
            this.renewal = renewal;
        }

        @Override
        public Duration interval() {
            return renewal.interval();
        }

        @Override
        public void renew(ConsumerRecord<String, byte[]> record, ShareConsumer<String, byte[]> consumer) {
            try {
                renewal.renew(record, consumer);
            } catch (KafkaException e) {
                lost = true;
                throw e;
            }
            renewedAfterLoss = lost;
        }
    }
}
