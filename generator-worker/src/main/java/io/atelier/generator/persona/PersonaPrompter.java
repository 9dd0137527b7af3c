package io.atelier.generator.persona;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PromptRequested;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.persona.PersonaPromptWriter.Subject;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the prompt of the grids of an avatar: reads the persona and the earlier prompts of the job, has the prompt written, stores it. A prompt that an
 * earlier attempt stored is not written again. Thread-safe.
 */
public final class PersonaPrompter implements TaskLogic<PromptRequested> {

    private static final String PHASE = "prompt";

    private final String workerId;
    private final PersonaPromptWriter writer;
    private final AvatarTextRepository texts;

    /** @param workerId reports the tasks; that of the heartbeat which counts them */
    public PersonaPrompter(String workerId, PersonaPromptWriter writer, AvatarTextRepository texts) {
        this.workerId = workerId;
        this.writer = writer;
        this.texts = texts;
    }

    @Override
    public TaskAttempt attempt(Lease<PromptRequested> lease) {
        var task = lease.task();
        var worker = new Worker(workerId, writer.name(), writer.device());
        return new TaskAttempt(
                task.job(),
                task.task(),
                lease.attempt(),
                worker,
                "prompt %d, %s".formatted(task.index(), writer.name()));
    }

    @Override
    public TaskOutput run(PromptRequested task, TaskContext context) throws InterruptedException {
        // Also at the first delivery: a repair publishes a lost task again under the number of its last attempt.
        var written = texts.findWritten(task, context);
        if (written.isPresent()) {
            return TaskOutput.ofPrompt(written.get());
        }
        var subject = subject(task, context);
        context.checkpoint();
        context.reportStart();
        context.progress(PHASE, 0, 1);
        long start = System.nanoTime();
        var prompt = write(subject, context);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        context.progress(PHASE, 1, 1);
        context.endWork();
        return TaskOutput.ofPrompt(texts.storeWritten(task, prompt, writer.name(), millis, context));
    }

    private Subject subject(PromptRequested task, TaskContext context) throws InterruptedException {
        var persona = texts.persona(task.persona(), context);
        List<String> earlier = new ArrayList<>();
        for (var prompt : task.earlier()) {
            earlier.add(texts.prompt(prompt.text(), context));
        }
        // The same for all prompts of a job.
        @Nullable
        Long styleSeed = task.randomStyle() ? Sha256.of(task.job().value()).firstLong() : null;
        return new Subject(persona, task.index(), earlier, styleSeed);
    }

    private String write(Subject subject, TaskContext context) throws InterruptedException {
        var attempt = context.attempt();
        var run = new GenerationRun(
                attempt.job().value(),
                attempt.number(),
                (phase, step, steps) -> {},
                context.cancellation(),
                context::countProviderCall);
        try {
            return writer.write(subject, run);
        } catch (GenerationCanceled e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TaskInterrupted();
        } catch (GenerationFailed e) {
            throw PersonaRedaction.of(subject.persona(), subject.earlier()).redacted(e);
        }
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof GenerationFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed store) {
            var message = "The object store could not read or store the texts of the job: " + store.publicMessage();
            return Optional.of(new Failure(Code.STORAGE_ERROR, message));
        }
        return Optional.empty();
    }
}
