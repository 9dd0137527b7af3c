package io.atelier.worker.binding;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/** Turns records into messages that the binder writes byte for byte: same key, value and headers. */
final class RecordMessages {

    private RecordMessages() {}

    static Message<byte[]> of(ProducerRecord<String, byte[]> record) {
        var message = MessageBuilder.withPayload(record.value())
                .setHeader(KafkaHeaders.KEY, record.key().getBytes(StandardCharsets.UTF_8));
        record.headers().forEach(header -> message.setHeader(header.key(), header.value()));
        return message.build();
    }
}
