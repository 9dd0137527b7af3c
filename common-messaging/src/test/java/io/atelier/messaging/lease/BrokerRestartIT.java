package io.atelier.messaging.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
        var broker = EmbeddedBroker.start(folder, 0);
        int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);
        try (var crew = new Crew(broker.bootstrapServers())) {
            crew.order("long");
            var loop = crew.worker(1, lease -> {
                runs.add(lease.order().task());
                if (lease.order().task().equals("long")) {
                    mayEnd.await();
                }
                return Verdict.ACCEPT;
            });
            await().atMost(PATIENCE).until(() -> runs.size() == 1);

            broker.close();
            broker = EmbeddedBroker.start(folder, port);
            crew.order("next");
            // The slot is free again once its lost lease was noticed; the long order comes first, and must be joined.
            await().atMost(PATIENCE)
                    .until(() -> loop.status().complete() && loop.status().running() == 1);
            mayEnd.countDown();

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(runs).containsExactly("long", "next"));
        } finally {
            broker.close();
        }
    }
}
