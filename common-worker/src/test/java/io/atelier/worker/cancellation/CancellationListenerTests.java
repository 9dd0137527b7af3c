package io.atelier.worker.cancellation;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

class CancellationListenerTests {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    private final List<WorkerCommand> received = new ArrayList<>();

    @DisplayName(
            "Requests to all workers that are older than some minutes are skipped: a worker reads the whole topic when it starts")
    @Test
    void oldRequestIsSkipped() {
        var commands = new WorkerCommands();
        commands.onCommand(received::add);
        var listener =
                new CancellationListener(KafkaClientFactory.of("localhost:1"), new CanceledJobs(), commands, () -> NOW);
        var old = unload("old", CancellationListener.COMMAND_TTL);
        var recent = unload("recent", CancellationListener.COMMAND_TTL.minusMillis(1));
        var ahead = unload("of-a-fast-clock", Duration.ofHours(-1));

        listener.receive(message(Topic.WORKER_COMMANDS, old, 0));
        listener.receive(message(Topic.WORKER_COMMANDS, recent, 1));
        listener.receive(message(Topic.WORKER_COMMANDS, ahead, 2));

        assertThat(received).containsExactly(recent, ahead);
    }

    @DisplayName(
            "A request to all workers that a gateway of the version before wrote among the cancellations is obeyed")
    @Test
    void requestAmongTheCancellationsIsObeyed() {
        var commands = new WorkerCommands();
        commands.onCommand(received::add);
        var listener =
                new CancellationListener(KafkaClientFactory.of("localhost:1"), new CanceledJobs(), commands, () -> NOW);
        var request = unload("sdxl-base", Duration.ZERO);

        listener.receive(message(Topic.CANCELLATIONS, request, 0));

        assertThat(received).containsExactly(request);
    }

    private static ModelUnloadRequested unload(String model, Duration age) {
        return new ModelUnloadRequested(model, NOW.minus(age));
    }

    private static Message<byte[]> message(String topic, WorkerCommand command, long offset) {
        return MessageBuilder.withPayload(EventCodec.json().writeValueAsBytes(command))
                .setHeader("ce_type", "io.atelier.model.unload-requested.v1".getBytes(StandardCharsets.UTF_8))
                .setHeader(KafkaHeaders.RECEIVED_TOPIC, topic)
                .setHeader(KafkaHeaders.RECEIVED_PARTITION, 0)
                .setHeader(KafkaHeaders.OFFSET, offset)
                .build();
    }
}
