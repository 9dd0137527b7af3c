package io.atelier.gateway.upkeep.erasure;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * Deletes all objects in the folder of a job, and the copies that it published, when its erased event is received. Returns after they are deleted, so that the offset is
 * committed only then; throws if the store fails. Copies that the store refuses to delete are left to the janitor, because a repetition would not help, and the erasures
 * behind this one would wait for it. Idempotent.
 *
 * <p>Blocks its thread, which belongs to the consumer.
 */
public final class Eraser implements Consumer<Message<byte[]>> {

    static final String ERASED = "io.atelier.generation.erased.v1";

    private static final Logger LOG = LoggerFactory.getLogger(Eraser.class);

    /** The number of objects that are deleted at the same time. */
    private static final int PAGE = 100;

    private final ObjectStore store;
    private final CopyRemoval copies;
    private final Counter jobs;
    private final Counter objects;

    public Eraser(ObjectStore store, CopyRemoval copies, MeterRegistry meters) {
        this.store = store;
        this.copies = copies;
        this.jobs = Counter.builder("atelier.erasure.jobs")
                .description("Jobs whose images were deleted because the job was erased")
                .register(meters);
        this.objects = Counter.builder("atelier.erasure.objects")
                .description("Objects that were deleted because their job was erased")
                .register(meters);
    }

    @Override
    public void accept(Message<byte[]> event) {
        if (!ERASED.equals(text(event, "ce_type"))) {
            return;
        }
        var key = text(event, KafkaHeaders.RECEIVED_KEY);
        job(key).ifPresentOrElse(
                        this::erase,
                        () -> LOG.error(
                                "An erased event has the key '{}', which is not the id of a job: ignored.", key));
    }

    private void erase(JobId job) {
        var publications = new ArrayList<ObjectKey>();
        int deleted = deleteAll(job, publications);
        for (var publication : publications) {
            deleted += copies.remove(job, publication).orElse(0);
        }
        jobs.increment();
        objects.increment(deleted);
        LOG.info("Job {} was erased: deleted {} objects.", job, deleted);
    }

    /** Deletes all objects but the lists of published copies, without which a repetition would not find the copies. */
    private int deleteAll(JobId job, List<ObjectKey> publications) {
        int deleted = 0;
        @Nullable String after = null;
        do {
            var page = store.list(JobFolder.of(job), after, PAGE).join();
            var others = new ArrayList<ObjectKey>();
            for (var object : page.objects()) {
                boolean isPublication =
                        JobFolder.isPublication(job, object.key().value());
                (isPublication ? publications : others).add(object.key());
            }
            CompletableFuture.allOf(others.stream().map(store::delete).toArray(CompletableFuture<?>[]::new))
                    .join();
            deleted += others.size();
            after = page.next();
        } while (after != null);
        return deleted;
    }

    private static Optional<JobId> job(@Nullable String key) {
        return Optional.ofNullable(key).flatMap(JobId::parse);
    }

    private static @Nullable String text(Message<byte[]> event, String header) {
        var value = event.getHeaders().get(header);
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) value;
    }
}
