package io.atelier.generator.persona;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredText;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.task.TaskContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the tasks of avatars their prompts, which records do not contain: that of a base image is made from the persona, that of a grid is read from
 * the store. Thread-safe.
 */
public final class AvatarInputs {

    private final AvatarTextRepository texts;
    private final PersonaPrompts prompts;

    /** @param texts where personas and prompts are stored */
    public AvatarInputs(AvatarTextRepository texts, PersonaPrompts prompts) {
        this.texts = texts;
        this.prompts = prompts;
    }

    /**
     * Completes a task. A task that makes no part of an avatar stays as it is. The prompt of a base image is stored when this method returns.
     *
     * @throws GenerationFailed if a text is no longer stored or not usable
     * @throws ObjectStoreFailed if the object store cannot read or store a text
     */
    public Inputs prepare(GenerationRequested task, TaskContext context) throws InterruptedException {
        var step = task.step();
        if (step == null) {
            return new Inputs(task, PersonaRedaction.NONE);
        }
        var spec = task.request().avatar();
        if (spec == null) {
            throw incomplete(step, "avatar");
        }
        return switch (step) {
            case BASE -> base(task, spec, context);
            case GRID -> grid(task, spec, context);
            case PROMPT, SPLIT, PUBLISH -> throw incomplete(step, "base image or grid to make");
        };
    }

    private Inputs base(GenerationRequested task, AvatarSpec spec, TaskContext context) throws InterruptedException {
        var reference = spec.persona();
        if (reference == null) {
            throw incomplete(AvatarStep.BASE, "persona");
        }
        var persona = texts.persona(reference, context);
        @Nullable Long styleSeed = spec.randomStyle() ? task.request().seed() : null;
        var prompt = texts.storeBasePrompt(task, prompts.base(persona, styleSeed), context);
        return inputs(task, prompt, persona);
    }

    private Inputs grid(GenerationRequested task, AvatarSpec spec, TaskContext context) throws InterruptedException {
        var reference = spec.prompt();
        if (reference == null) {
            throw incomplete(AvatarStep.GRID, "prompt");
        }
        var prompt = texts.prompt(reference, context);
        // The client's own prompt is used as it is.
        var complete = spec.does(AvatarStep.PROMPT) ? prompts.withSuffix(prompt) : prompt;
        @Nullable StoredText persona = spec.persona();
        return inputs(task, complete, persona == null ? null : texts.persona(persona, context));
    }

    private static Inputs inputs(GenerationRequested task, String prompt, @Nullable Persona persona) {
        var request = task.request().toBuilder().prompt(prompt).enhance(null);
        if (task.request().metadata() == Metadata.FULL) {
            // It would write the prompt into the file, which becomes public.
            request.metadata(Metadata.MINIMAL);
        }
        return new Inputs(task.with(request.build()), PersonaRedaction.of(persona, List.of(prompt)));
    }

    private static GenerationFailed incomplete(AvatarStep step, String missing) {
        return new GenerationFailed(new Failure(
                Code.REQUEST_REJECTED,
                "The task for the step '%s' of the avatar has no %s. Submit the persona again."
                        .formatted(step.word(), missing)));
    }

    /**
     * A task with all that its engine needs.
     *
     * @param task its prompt must be neither logged nor reported if the task makes a part of an avatar
     * @param redaction for what the engine says about the task
     */
    public record Inputs(GenerationRequested task, PersonaRedaction redaction) {

        public GenerationRequest request() {
            return task.request();
        }

        /** Without the task, whose prompt is personal. */
        @Override
        public String toString() {
            return "Inputs[%s %s]".formatted(task.job(), task.task());
        }
    }
}
