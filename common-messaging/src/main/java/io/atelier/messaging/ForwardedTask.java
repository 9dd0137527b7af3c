package io.atelier.messaging;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A task that a worker passes on to other workers: a copy of its record on another topic. Its broker counts the deliveries of the copy from 1, so
 * the copy carries the attempts that were made before.
 *
 * @param original the leased record
 * @param topic where the copy is published
 * @param forwards how often the task has been forwarded, this time included, from 1
 * @param attempts how many attempts the deliveries of earlier records were, from 0
 */
public record ForwardedTask(ConsumerRecord<String, byte[]> original, String topic, int forwards, int attempts) {

    private static final String FORWARDS_HEADER = "ce_forwards";
    private static final String ATTEMPTS_HEADER = "ce_attempts";
    private static final String TRACE_HEADER = "traceparent";

    /** How often the task of a record was forwarded; 0 if its record is the first one. */
    public static int forwards(Headers headers) {
        return number(headers, FORWARDS_HEADER);
    }

    /** How many attempts at the task of a record the deliveries of earlier records were. */
    public static int attempts(Headers headers) {
        return number(headers, ATTEMPTS_HEADER);
    }

    /** The copy. The publisher adds the trace of the calling thread. */
    public ProducerRecord<String, byte[]> record() {
        var copy = new ProducerRecord<>(topic, original.key(), original.value());
        original.headers().forEach(copy.headers()::add);
        copy.headers().remove(TRACE_HEADER);
        set(copy.headers(), FORWARDS_HEADER, forwards);
        set(copy.headers(), ATTEMPTS_HEADER, attempts);
        return copy;
    }

    private static void set(Headers headers, String name, int value) {
        headers.remove(name).add(name, Integer.toString(value).getBytes(StandardCharsets.UTF_8));
    }

    private static int number(Headers headers, String name) {
        var text = EventCodec.header(headers, name);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}
