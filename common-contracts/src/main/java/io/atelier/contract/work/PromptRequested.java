package io.atelier.contract.work;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.contract.job.TaskRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task for a generator worker: write the prompt of an avatar's grids from its persona. It has slots of its own, since it uses no device.
 *
 * @param task name of the task within its job
 * @param attempt number of the attempt for the first delivery of this record, from 1; each redelivery adds one
 * @param maxAttempts number of the last attempt
 * @param at when the lifecycle requested the task
 * @param notBefore earliest start of the attempt; null for at once
 * @param index number of the prompt within its job, from 0
 * @param persona the {@link io.atelier.contract.job.Persona} as JSON
 * @param earlier prompts of the job from which this one must differ, oldest first
 * @param randomStyle whether the style is chosen at random
 */
public record PromptRequested(
        JobId job,
        String task,
        int attempt,
        int maxAttempts,
        Instant at,
        @Nullable Instant notBefore,
        int index,
        StoredText persona,
        List<StoredPrompt> earlier,
        boolean randomStyle)
        implements TaskRequest {

    public PromptRequested {
        earlier = List.copyOf(earlier);
    }
}
