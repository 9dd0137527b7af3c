package io.atelier.worker.cancellation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.contract.job.JobId;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker hears of cancellations on a real broker: from before its start, while it runs, and after the broker was away. */
final class CancellationListenerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Instant now = Instant.now();
    private final CanceledJobs jobs = new CanceledJobs();
    private final RandomGenerator random = new Random();

    @Test
    void cancellationsAreHeardFromBeforeTheStartWhileItRunsAndAfterTheBrokerWasAway() throws Exception {
        var broker = EmbeddedBroker.start(folder, 0);
        var servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.split(":", 2)[1]);
        ProvisioningFixture.provisioning(ProvisioningFixture.properties(servers, List.of("default")))
                .topics();
        var follower = new CancellationListener(servers, "test", jobs, Clock.systemUTC());
        try {
            var early = another();
            var outdated = another();
            cancel(servers, outdated, now.minus(Duration.ofDays(8)));
            send(servers, new ProducerRecord<>(Topic.CANCELLATIONS, "x", "{".getBytes(StandardCharsets.UTF_8)));
            cancel(servers, early, now);

            follower.start();

            // No wait: whoever starts next may lease at once.
            assertThat(jobs.contains(early)).isTrue();
            assertThat(jobs.contains(outdated)).isFalse();

            var running = another();
            var heard = new CompletableFuture<CancellationRequest>();
            jobs.onCancel((job, cancellationRequest) -> {
                if (job.equals(running)) {
                    heard.complete(cancellationRequest);
                }
            });
            cancel(servers, running, now);
            assertThat(heard).succeedsWithin(PATIENCE);
            assertThat(heard.get().grace()).isEqualTo(Duration.ofSeconds(7));

            broker.close();
            broker = EmbeddedBroker.start(folder, port);
            var late = another();
            cancel(servers, late, now);
            await().atMost(PATIENCE).until(() -> jobs.contains(late));
        } finally {
            follower.stop();
            broker.close();
        }
        assertThat(follower.isRunning()).isFalse();
    }

    private void cancel(String servers, JobId job, Instant at) throws Exception {
        var request = new CancelRequested(job, at, CanceledBy.CLIENT, null, Duration.ofSeconds(7));
        send(servers, new EventCodec("test").record(Topic.CANCELLATIONS, request));
    }

    private static void send(String servers, ProducerRecord<String, byte[]> written) throws Exception {
        var configs = Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        try (var producer = new KafkaProducer<>(configs, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(written).get(30, TimeUnit.SECONDS);
        }
    }

    private JobId another() {
        return JobId.create(now, random);
    }
}
