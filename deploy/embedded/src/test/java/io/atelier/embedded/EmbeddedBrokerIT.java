package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.yammer.metrics.stats.UniformSample;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.server.metrics.KafkaMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    private static final String GROUP = "workers";

    @TempDir
    Path folder;

    @Test
    void returnsTheRecordsThatWereSent() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var clients = new KafkaClients(broker.bootstrapServers());
            clients.prepare(GROUP);
            clients.send("one", "two");

            assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
            assertThat(clients.readAll(2)).containsExactly("one", "two");
        }
    }

    @Test
    void countsItsRequestsInTheHistogramsThatWereRegistered() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var clients = new KafkaClients(broker.bootstrapServers());
            clients.prepare(GROUP);
            clients.send("one");

            // Returns what is registered under the name, by this code or by Kafka.
            var durations = new KafkaMetricsGroup("kafka.network", "RequestMetrics")
                    .newHistogram("TotalTimeMs", true, Map.of("request", "Produce"));
            await().untilAsserted(() -> assertThat(durations.count()).isPositive());
            // The sample that forgets has another type, which a change of Kafka's names would bring back.
            assertThat(durations).extracting("sample").isInstanceOf(UniformSample.class);
        }
    }

    @Test
    void keepsTopicsRecordsAndOffsetsOfShareGroupsAfterARestart() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var clients = new KafkaClients(broker.bootstrapServers());
            clients.prepare(GROUP);
            clients.send("one", "two");
            assertThat(clients.receive(GROUP, 2)).containsExactly("one", "two");
        }

        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var clients = new KafkaClients(broker.bootstrapServers());
            clients.send("three");

            assertThat(clients.readAll(3)).containsExactly("one", "two", "three");
            assertThat(clients.receive(GROUP, 1)).containsExactly("three");
        }
    }

    @Test
    void refusesAFolderThatIsInUse() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var clients = new KafkaClients(broker.bootstrapServers());
            clients.prepare(GROUP);
            var before = threads();

            assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Another process uses the folder " + folder.toAbsolutePath());

            assertThat(threads()).isSubsetOf(before);
            clients.send("still here");
            assertThat(clients.readAll(1)).containsExactly("still here");
        }
    }

    @Test
    void reportsAPortThatIsInUseAndReleasesTheFolder() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, other.getLocalPort()))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + " of 127.0.0.1 is in use");
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void reportsAnUnusableFolderAndLeavesNothingRunning() throws Exception {
        Files.writeString(folder.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=another-cluster\n");
        var before = threads();

        assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
                .isInstanceOf(EmbeddedServerFailed.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("7");

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        FolderLock.acquire(folder).close();
    }

    @Test
    void usesTheGivenPortAtEachStart() {
        int port = LoopbackPorts.freePort();

        for (int start = 0; start < 2; start++) {
            try (var broker = EmbeddedBroker.start(folder, port)) {
                assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            }
        }
    }

    @Test
    void canBeClosedTwice() {
        var broker = EmbeddedBroker.start(folder, 0);

        broker.close();
        broker.close();

        FolderLock.acquire(folder).close();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility"))
                .collect(Collectors.toSet());
    }
}
