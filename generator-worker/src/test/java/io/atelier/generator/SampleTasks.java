package io.atelier.generator;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.generator.preview.PreviewStage;
import io.atelier.generator.preview.WantedPreviews;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Generation tasks for tests. */
final class SampleTasks {

    static final Instant AT = Instant.parse("2026-03-31T23:59:59.999Z");
    static final JobId JOB = JobId.create(AT, new Random(1));

    private SampleTasks() {}

    static GenerationRequested task(GenerationRequest request) {
        return new GenerationRequested(JOB, "generate", 1, 3, AT, null, request);
    }

    static GenerationRequest request(String prompt, int n) {
        return request("test-card", prompt, n, null);
    }

    /** An edit with a 2 x 2 grid, for the engine {@code openai} in the remote pool. */
    static GenerationRequest edit(String prompt, Source source) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .model("gpt-image-1.5")
                .requestedModel("gpt-image-1.5")
                .engine("openai")
                .pool("remote")
                .size(new ImageSize(1024, 1024))
                .seed(40)
                .grid(new GridSpec(2, 2, true, 0, 10, 32))
                .metadata(Metadata.FULL)
                .build()
                .withImages(List.of(source));
    }

    static GenerationRequest request(String engine, String prompt, int n, @Nullable GridSpec grid) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .model("a-model")
                .requestedModel("auto")
                .engine(engine)
                .pool("default")
                .n(n)
                .size(new ImageSize(96, 64))
                .seed(40)
                .grid(grid)
                .metadata(Metadata.FULL)
                .build();
    }

    /** Previews of {@link #JOB} are wanted. */
    static PreviewStage previews(ObjectStore store) {
        var wanted = new WantedPreviews(() -> AT);
        wanted.obey(new PreviewsRequested(JOB, AT, AT.plusSeconds(60)));
        return new PreviewStage(wanted, store, true);
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
                disposition -> {},
                () -> {});
    }
}
