package io.atelier.generator;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.prompt.PromptRewrite;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes the pictures of one order: engine, then store, so that a picture that is announced can always be fetched. A store that is down is
 * waited for; what was drawn is drawn once. Before anything is drawn, pictures to change are fetched, and a prompt may be bettered.
 */
final class ImageGenerator implements TaskLogic<GenerationRequested> {

    /** As often as a person can see. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);

    private final String workerId;
    private final EngineRegistry engines;
    private final Material material;
    private final ImageRepository album;
    private final StoreRetry patience;
    private final InstantSource clock;

    ImageGenerator(String workerId, EngineRegistry engines, Material material, Shelf shelf, InstantSource clock) {
        this.workerId = workerId;
        this.engines = engines;
        this.material = material;
        this.album = shelf.album;
        this.patience = shelf.patience;
        this.clock = clock;
    }

    @Override
    public TaskAttempt attempt(Lease<GenerationRequested> lease) {
        var order = lease.order();
        var request = order.request();
        var name = request.engine();
        var device = engines.named(name).map(GenerationEngine::device).orElse("none");
        var words = "%d x %s, %s".formatted(request.n(), request.size(), name);
        return new TaskAttempt(order.job(), order.task(), lease.attempt(), new Worker(workerId, name, device), words);
    }

    @Override
    public TaskOutput make(GenerationRequested order, TaskContext run) throws InterruptedException {
        // A redelivery finds its pictures made: another run of the engine could cost another fee.
        var found = patience.insist(() -> album.find(order), run::waitForStore);
        if (found.isPresent()) {
            return told(found.get(), order, material.prompts.cancellationRequest(order, run));
        }
        var name = order.request().engine();
        var engine = engines.named(name).orElseThrow(() -> new GenerationFailed(unknownEngine(name)));
        var sources = material.sources.gather(order, run);
        var prompt = material.prompts.prepare(order, run);
        var request = prompt.map(note -> note.in(order.request())).orElse(order.request());
        long start = System.nanoTime();
        var images = run.draw(() -> draw(engine, request, sources, run));
        long engineMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        boolean seeded = engine.capabilities().contains(Capability.SEED);
        var pages = album.pages(order, request, images, seeded);
        var made = patience.insist(() -> album.keep(pages), run::waitForStore);
        return told(made.in(engineMillis), order, prompt);
    }

    /** What was made, with what came of its prompt. */
    private static TaskOutput told(TaskOutput made, GenerationRequested order, Optional<PromptRewrite> prompt) {
        return prompt.map(note -> made.of(note.enhancement(), note.warnings(order.request())))
                .orElse(made);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof GenerationFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed store) {
            var message = "The object store did not give or keep the images: " + store.outline();
            return Optional.of(new Failure(Code.STORAGE_ERROR, message));
        }
        return Optional.empty();
    }

    private List<GeneratedImage> draw(
            GenerationEngine engine, GenerationRequest request, List<SourceImage> sources, TaskContext run) {
        var attempt = run.attempt();
        try (var progress = ThrottledProgress.start(run::progress, clock, PROGRESS_INTERVAL)) {
            var asking = new GenerationRun(attempt.job().value(), attempt.number(), progress, run.cancellation());
            return sources.isEmpty() ? engine.generate(request, asking) : engine.edit(request, sources, asking);
        } catch (GenerationCanceled e) {
            throw new TaskInterrupted();
        }
    }

    private Failure unknownEngine(String name) {
        var known = engines.names().isEmpty() ? "none" : String.join(", ", engines.names());
        var message =
                "This worker has no engine '%s'; it has: %s. Start a worker that has it, or ask for another model.";
        return new Failure(Code.ENGINE_UNAVAILABLE, message.formatted(name, known));
    }

    /** What is drawn from: the prompt, which may be bettered, and the pictures to change. */
    record Material(PromptStage prompts, SourceImageLoader sources) {}

    /** Where pictures are kept, and how long it is waited for. */
    record Shelf(ImageRepository album, StoreRetry patience) {}
}
