package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task for a splitter worker: copy the images of a job to their public keys. Nothing is published before all of them are copied.
 *
 * @param task name of the task within its job
 * @param attempt number of the attempt for the first delivery of this record, from 1; each redelivery adds one
 * @param maxAttempts number of the last attempt
 * @param at when the lifecycle requested the task
 * @param notBefore earliest start of the attempt; null for at once
 * @param personaId the client's own id of the persona, which is part of the keys; null if {@code keyBase} is given
 * @param keyBase beginning of the keys; null if the persona's id makes them
 * @param tiles images to publish, numbered from 0 without gaps in the order of delivery
 */
public record PublishRequested(
        JobId job,
        String task,
        int attempt,
        int maxAttempts,
        Instant at,
        @Nullable Instant notBefore,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String personaId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String keyBase,
        List<StoredImage> tiles)
        implements TaskRequest {

    public PublishRequested {
        tiles = List.copyOf(tiles);
    }
}
