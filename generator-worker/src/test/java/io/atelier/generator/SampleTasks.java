package io.atelier.generator;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Generation tasks for tests. */
final class SampleTasks {

    static final Instant AT = Instant.parse("2026-03-31T23:59:59.999Z");
    static final JobId JOB = JobId.create(AT, new Random(1));

    private SampleTasks() {}

    static GenerationRequested order(GenerationRequest request) {
        return new GenerationRequested(JOB, "generate", 1, 3, AT, null, request);
    }

    static GenerationRequest request(String prompt, int n) {
        return request("test-card", prompt, n, null);
    }

    /** An edit with a 2 x 2 grid, for the engine {@code openai} in the remote pool. */
    static GenerationRequest edit(String prompt, Source source) {
        return new GenerationRequest(
                        prompt,
                        null,
                        "gpt-image-1.5",
                        "gpt-image-1.5",
                        "openai",
                        "remote",
                        1,
                        new ImageSize(1024, 1024),
                        null,
                        null,
                        40,
                        new GridSpec(2, 2, true, 0, 10, 32),
                        Metadata.FULL,
                        Map.of(),
                        null,
                        GenerationRequest.Terms.NONE)
                .changing(List.of(source));
    }

    static GenerationRequest request(String engine, String prompt, int n, @Nullable GridSpec grid) {
        return new GenerationRequest(
                prompt,
                null,
                "a-model",
                "auto",
                engine,
                "default",
                n,
                new ImageSize(96, 64),
                null,
                null,
                40,
                grid,
                Metadata.FULL,
                Map.of(),
                null,
                GenerationRequest.Terms.NONE);
    }

    static Lease<GenerationRequested> lease(GenerationRequested task) {
        return lease(task, 1, new Cancellation());
    }

    static Lease<GenerationRequested> lease(GenerationRequested task, int delivery, Cancellation cancellation) {
        return new Lease<>(
                task,
                "atelier.generation-requested.default",
                delivery,
                task.attempt() + delivery - 1,
                cancellation,
                disposition -> {});
    }
}
