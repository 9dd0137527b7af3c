package io.atelier.generator;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.GenerationRun.PreviewListener;
import io.atelier.generator.engine.GenerationRun.ProgressListener;
import io.atelier.generator.engine.ProviderCallListener;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.persona.AvatarInputs;
import io.atelier.generator.persona.AvatarInputs.Inputs;
import io.atelier.generator.preview.PreviewStage;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Generates or edits the images of a task: gets the prompt of an avatar, fetches source images, rewrites the prompt if requested, runs the engine, stores
 * the images; reported images can always be fetched. Waits for a store that is down, without running the engine again. Thread-safe.
 */
final class ImageGenerator implements TaskLogic<GenerationRequested> {

    /** More reports a second would not be visible to a person. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);

    private final UnaryOperator<String> workerIds;
    private final EngineRegistry engines;
    private final AvatarInputs avatars;
    private final PromptStage prompts;
    private final SourceImageLoader sources;
    private final PreviewStage previews;
    private final ImageRepository images;
    private final StoreRetry storeRetry;
    private final InstantSource clock;

    /** @param workerIds the id of the worker that leases the tasks of a pool; its heartbeat counts them */
    ImageGenerator(
            UnaryOperator<String> workerIds,
            EngineRegistry engines,
            AvatarInputs avatars,
            PromptStage prompts,
            SourceImageLoader sources,
            PreviewStage previews,
            ImageRepository images,
            StoreRetry storeRetry,
            InstantSource clock) {
        this.workerIds = workerIds;
        this.engines = engines;
        this.avatars = avatars;
        this.prompts = prompts;
        this.sources = sources;
        this.previews = previews;
        this.images = images;
        this.storeRetry = storeRetry;
        this.clock = clock;
    }

    @Override
    public TaskAttempt attempt(Lease<GenerationRequested> lease) {
        var task = lease.task();
        var request = task.request();
        var engine = request.engine();
        var device = Optional.ofNullable(request.device())
                .map(DeviceName::text)
                .or(() -> engines.named(engine).map(GenerationEngine::device))
                .orElse("none");
        var description = request.n() + " x " + request.size() + ", " + engine;
        var worker = new Worker(workerIds.apply(request.pool()), engine, device);
        return new TaskAttempt(task.job(), task.task(), lease.attempt(), worker, description);
    }

    @Override
    public TaskOutput run(GenerationRequested task, TaskContext context) throws InterruptedException {
        var found = findStored(task, context);
        if (found.isPresent()) {
            return withPrompt(found.get(), task, prompts.findStored(task, context));
        }
        var name = task.request().engine();
        var engine = engines.named(name).orElseThrow(() -> new GenerationFailed(unknownEngine(name)));
        requireDevice(task.request(), engine);
        var inputs = avatars.prepare(task, context);
        try {
            return generate(inputs, engine, context);
        } catch (GenerationFailed e) {
            throw inputs.redaction().redacted(e);
        }
    }

    private TaskOutput generate(Inputs inputs, GenerationEngine engine, TaskContext context)
            throws InterruptedException {
        var task = inputs.task();
        var sourceImages = sources.load(task, context);
        var prompt = prompts.prepare(task, context);
        var request = prompt.map(rewrite -> rewrite.applyTo(task.request())).orElse(task.request());
        long start = System.nanoTime();
        List<GeneratedImage> generated;
        try (var taskPreviews = previews.start(context)) {
            generated =
                    context.runEngine(() -> runEngine(engine, request, sourceImages, context, taskPreviews)).stream()
                            .map(inputs.redaction()::redacted)
                            .toList();
        }
        context.endWork();
        long engineMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        boolean isSeeded = engine.capabilities().contains(Capability.SEED);
        var pending = images.encode(task, request, generated, isSeeded);
        var output = storeRetry.call(() -> images.storeAll(pending), context::waitForStore);
        return withPrompt(output.withEngineMillis(engineMillis), task, prompt);
    }

    /**
     * The images of an earlier run of the task: another run of the engine could cost another fee. The first delivery of the first attempt has none,
     * so it saves the store a request; but a task of an avatar always looks, since each of its calls costs far more than the request, and a repair
     * publishes a lost task again under the number of its last attempt.
     */
    private Optional<TaskOutput> findStored(GenerationRequested task, TaskContext context) throws InterruptedException {
        boolean isFirstRun = context.attempt().number() == 1 && task.step() == null;
        return isFirstRun ? Optional.empty() : storeRetry.call(() -> images.find(task), context::waitForStore);
    }

    private static TaskOutput withPrompt(TaskOutput output, GenerationRequested task, Optional<PromptRewrite> prompt) {
        return prompt.map(rewrite -> output.withEnhancement(rewrite.enhancement(), rewrite.warnings(task.request())))
                .orElse(output);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof GenerationFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed store) {
            var message = "The object store could not read or store the images: " + store.publicMessage();
            return Optional.of(new Failure(Code.STORAGE_ERROR, message));
        }
        return Optional.empty();
    }

    private List<GeneratedImage> runEngine(
            GenerationEngine engine,
            GenerationRequest request,
            SourceImages sourceImages,
            TaskContext context,
            PreviewListener taskPreviews) {
        var attempt = context.attempt();
        try (var progress = ThrottledProgress.start(new ReportedProgress(context), clock, PROGRESS_INTERVAL)) {
            var run = new GenerationRun(
                    attempt.job().value(),
                    attempt.number(),
                    progress,
                    context.cancellation(),
                    new ProviderCalls(context),
                    taskPreviews);
            return sourceImages.isEmpty() ? engine.generate(request, run) : engine.edit(request, sourceImages, run);
        } catch (GenerationCanceled e) {
            throw new TaskInterrupted();
        }
    }

    /** Passes the progress of a run on to that of the attempt. */
    private record ReportedProgress(TaskContext context) implements ProgressListener {

        @Override
        public void at(String phase, int step, int steps) {
            context.progress(phase, step, steps);
        }

        @Override
        public void loading(int percent, @Nullable Long etaSeconds) {
            context.progress(TaskProgress.LOAD, percent, 100, etaSeconds);
        }
    }

    /** Adds the calls of a run to those of the attempt. */
    private record ProviderCalls(TaskContext context) implements ProviderCallListener {

        @Override
        public void onCall() {
            context.countProviderCall();
        }

        @Override
        public void onUsage(ProviderUsage usage) {
            context.addProviderUsage(usage);
        }
    }

    /** Its topic brings a task to workers that have a device of the kind; the engine must run on the very one. */
    private static void requireDevice(GenerationRequest request, GenerationEngine engine) {
        var device = request.device();
        if (device != null && engine.devices().stream().noneMatch(device::includes)) {
            throw new GenerationFailed(new Failure(
                    Code.ENGINE_UNAVAILABLE,
                    "This worker does not run the engine '%s' on the device '%s' but on: %s. Start a worker that does, or require another device."
                            .formatted(
                                    engine.name(),
                                    device,
                                    engine.devices().isEmpty() ? "none" : String.join(", ", engine.devices()))));
        }
    }

    /** A model folder that is gone may be back with the worker that has it, which perhaps only starts again. */
    private Failure unknownEngine(String name) {
        var folder = LocalModel.folderOf(name);
        if (folder.isPresent()) {
            return new Failure(
                    Code.ENGINE_UNAVAILABLE,
                    "No running worker of this pool has the model '%s': it was removed, or its worker stopped. Add it again, or request another model."
                            .formatted(folder.get()));
        }
        var known = engines.names().isEmpty() ? "none" : String.join(", ", engines.names());
        var message =
                "This worker has no engine '%s'; it has: %s. Start a worker that has it, or request another model.";
        return new Failure(Code.ENGINE_UNAVAILABLE, message.formatted(name, known));
    }
}
