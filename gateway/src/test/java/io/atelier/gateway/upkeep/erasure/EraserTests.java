package io.atelier.gateway.upkeep.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.Publication;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

class EraserTests {

    private static final JobId JOB = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), new Random(1));
    private static final JobId OTHER = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), new Random(2));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(store);
    private final Eraser eraser = new Eraser(store, new CopyRemoval(store, publisher), meters);

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
    void previewsOfAllAttemptsAreDeletedToo() {
        store(JobFolder.preview(JOB, "generate", 1, 3));
        store(JobFolder.preview(JOB, "generate", 2, 1));
        var others = store(JobFolder.preview(OTHER, "generate", 1, 1));

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).containsExactly(others);
    }

    @Test
    void erasureIsIdempotent() {
        store(JobFolder.image(JOB, "generate", 1, 0));

        eraser.accept(event(Eraser.ERASED, JOB.value()));
        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void textsAndPublishedCopiesAreDeletedToo() {
        store(JobFolder.persona(JOB, "0a1b2c3d"));
        store(JobFolder.text(JOB, "prompt-0", 1));
        publish(JOB, "avatars/42/img_0.png", "avatars/42/img_1.png");

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).isEmpty();
        assertThat(publisher.keys()).isEmpty();
        // Two texts, two images, two copies and their list.
        assertThat(meters.counter("atelier.erasure.objects").count()).isEqualTo(7);
    }

    @Test
    void copiesThatALaterJobOfThePersonaOverwroteStay() {
        publish(JOB, "avatars/42/img_0.png", "avatars/42/img_1.png");
        publish(OTHER, "avatars/42/img_0.png");

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(publisher.keys()).containsExactly("avatars/42/img_0.png");
        eraser.accept(event(Eraser.ERASED, OTHER.value()));
        assertThat(publisher.keys()).isEmpty();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void copiesAreFoundAgainAfterAFailureBetweenThemAndTheirList() {
        publish(JOB, "avatars/42/img_0.png", "avatars/42/img_1.png");
        publisher.failWith(new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "down"));
        assertThatThrownBy(() -> eraser.accept(event(Eraser.ERASED, JOB.value())))
                .hasRootCauseInstanceOf(ObjectStoreFailed.class);

        publisher.recover();
        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(publisher.keys()).isEmpty();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void copiesThatTheStoreRefusesToDeleteAreLeftToTheJanitor() {
        publish(JOB, "avatars/42/img_0.png", "avatars/42/img_1.png");
        publisher.failWith(new ObjectStoreFailed(ObjectStoreFailed.Kind.REFUSED, "403"));

        eraser.accept(event(Eraser.ERASED, JOB.value()));

        assertThat(store.keys()).hasSize(1).allMatch(key -> JobFolder.isPublication(JOB, key));
        assertThat(publisher.keys()).hasSize(2);
        assertThat(meters.counter("atelier.erasure.jobs").count()).isOne();
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

    /** Publishes images of a job in the order in which a worker does. */
    private void publish(JobId job, String... keys) {
        var copies = Stream.of(keys).map(key -> new Publication("avatars", key)).toList();
        var list = EventCodec.json().writeValueAsBytes(new PublishedCopies(job, copies));
        var listKey = new ObjectKey(JobFolder.publication(job, StoredObject.sha256Of(list)));
        store.put(listKey, list, "application/json", Map.of()).join();
        for (int index = 0; index < keys.length; index++) {
            var image = new ObjectKey(store(JobFolder.image(job, "split-0", 1, index)));
            publisher
                    .publish(image, new ObjectKey(keys[index]), Map.of(ObjectPublisher.JOB, job.value()))
                    .join();
        }
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
