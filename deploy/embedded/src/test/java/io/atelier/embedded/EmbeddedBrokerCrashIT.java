package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
class EmbeddedBrokerCrashIT {

    private static final String GROUP = "workers";
    private static final Duration RESTART = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void restartsQuicklyWithAllRecordsAfterAKill() throws Exception {
        var values = IntStream.range(0, 500).mapToObj(String::valueOf).toArray(String[]::new);
        try (var process = BrokerProcess.start(folder)) {
            var clients = new KafkaClients(process.bootstrapServers());
            clients.prepare(GROUP);
            clients.send(values);
            process.kill();
        }

        long killed = System.nanoTime();
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var down = Duration.ofNanos(System.nanoTime() - killed);

            var clients = new KafkaClients(broker.bootstrapServers());
            assertThat(clients.readAll(values.length)).containsExactly(values);
            assertThat(clients.receive(GROUP, values.length)).containsExactly(values);
            assertThat(down).isLessThan(RESTART);
        }
    }

    @Test
    void logsWhyAFatalErrorEndsItsProcess() throws Exception {
        try (var process = BrokerProcess.startAndFail(folder)) {
            assertThat(process.completeOutput())
                    .contains(
                            "Fatal error of the embedded Kafka broker in thread main (the disk is broken). This process ends now with status 3.");
            assertThat(process.exitStatus()).isEqualTo(3);
        }
    }
}
