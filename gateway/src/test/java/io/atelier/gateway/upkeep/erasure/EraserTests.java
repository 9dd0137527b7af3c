package io.atelier.gateway.upkeep.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

class EraserTests {

    private static final JobId JOB = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), new Random(1));
    private static final JobId OTHER = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), new Random(2));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Eraser eraser = new Eraser(store, meters);

    @Test
    void allObjectsInTheFolderOfAnErasedJobAreDeleted() {
        for (int index = 0; index < 250; index++) {
            store(JobFolder.image(JOB, "generate", 1 + index % 3, index));
        }
        var others = store(JobFolder.image(OTHER, "generate", 1, 0));

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).containsExactly(others);
        assertThat(meters.counter("atelier.erasure.objects").count()).isEqualTo(250);
        assertThat(meters.counter("atelier.erasure.jobs").count()).isEqualTo(1);
    }

    @Test
    void jpegsAndDerivativesAreDeletedToo() {
        var png = store(JobFolder.image(JOB, "generate", 1, 0));
        store(JobFolder.jpeg(png));
        store(JobFolder.derivative(JOB, "ab".repeat(32), "w256.jpg"));

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void erasureIsIdempotent() {
        store(JobFolder.image(JOB, "generate", 1, 0));

        eraser.accept(event(Eraser.ERASED, JOB.value()));
        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void otherEventsAreIgnored() {
        var key = store(JobFolder.image(JOB, "generate", 1, 0));

        eraser.accept(event("io.atelier.generation.succeeded.v1", JOB.value()));
        eraser.accept(MessageBuilder.withPayload(new byte[0]).build());

        assertThat(store.keys()).containsExactly(key);
    }

    @Test
    void eventWithoutAJobIdIsSkipped() {
        var key = store(JobFolder.image(JOB, "generate", 1, 0));

        eraser.accept(event(Eraser.ERASED, "jobs"));

        assertThat(store.keys()).containsExactly(key);
    }

    @Test
    void failureOfTheStoreIsThrown() {
        store(JobFolder.image(JOB, "generate", 1, 0));
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertThatThrownBy(() -> eraser.accept(event(Eraser.ERASED, JOB.value())))
                .hasRootCauseInstanceOf(ObjectStoreFailed.class);
        assertThat(meters.counter("atelier.erasure.jobs").count()).isZero();
    }

    private String store(String key) {
        store.put(new ObjectKey(key), new byte[1], "image/png", Map.of()).join();
        return key;
    }

    private static Message<byte[]> event(String type, String key) {
        return MessageBuilder.withPayload(new byte[0])
                .setHeader("ce_type", type.getBytes(StandardCharsets.UTF_8))
                .setHeader(KafkaHeaders.RECEIVED_KEY, key.getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
