package io.atelier.gateway.upkeep.erasure;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * Hears that a job was erased and deletes all that lies in its folder. Returns once it is gone, so that the event is only then taken as
 * heard; fails if the store does. Safe to do twice.
 *
 * <p>Blocks its thread, which is one of the consumer's own.
 */
public final class Eraser implements Consumer<Message<byte[]>> {

    static final String ERASED = "io.atelier.generation.erased.v1";

    private static final Logger LOG = LoggerFactory.getLogger(Eraser.class);

    /** As many are deleted at once. */
    private static final int PAGE = 100;

    private final ObjectStore store;
    private final Counter jobs;
    private final Counter objects;

    public Eraser(ObjectStore store, MeterRegistry meters) {
        this.store = store;
        this.jobs = Counter.builder("atelier.erasure.jobs")
                .description("Jobs whose pictures were deleted because the job was erased")
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
                        this::erase, () -> LOG.error("Heard of the erasure of '{}', which is no job: ignored.", key));
    }

    private void erase(JobId job) {
        int erased = empty(JobFolder.of(job));
        jobs.increment();
        objects.increment(erased);
        LOG.info("Job {} was erased: deleted {} objects.", job, erased);
    }

    private int empty(String folder) {
        int deleted = 0;
        @Nullable String after = null;
        do {
            var page = store.list(folder, after, PAGE).join();
            CompletableFuture.allOf(page.objects().stream()
                            .map(object -> store.delete(object.key()))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            deleted += page.objects().size();
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
