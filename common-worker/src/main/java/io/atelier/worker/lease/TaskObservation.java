package io.atelier.worker.lease;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation;
import org.springframework.kafka.support.micrometer.KafkaListenerObservation.DefaultKafkaListenerObservationConvention;
import org.springframework.kafka.support.micrometer.KafkaRecordReceiverContext;

/** Observes the handling of records and continues the traces that they carry; containers of share groups observe nothing. Thread-safe. */
final class TaskObservation {

    private final ObservationRegistry observations;
    private final String group;

    /** @param group the share group, which names the listener in observations */
    TaskObservation(ObservationRegistry observations, String group) {
        this.observations = observations;
        this.group = group;
    }

    /** Calls the handler inside an observation and returns its result. */
    TaskDisposition observe(ConsumerRecord<String, byte[]> record, Callable<TaskDisposition> handler) throws Exception {
        Observation observation = KafkaListenerObservation.LISTENER_OBSERVATION.observation(
                null,
                DefaultKafkaListenerObservationConvention.INSTANCE,
                () -> new KafkaRecordReceiverContext(record, group, null, group, () -> ""),
                observations);
        return observation.observeChecked(handler::call);
    }
}
