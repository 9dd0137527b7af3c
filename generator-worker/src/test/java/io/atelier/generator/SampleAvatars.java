package io.atelier.generator;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.StoredText;
import io.atelier.generator.persona.AvatarInputs;
import io.atelier.generator.persona.AvatarTextRepository;
import io.atelier.generator.persona.PersonaPrompts;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.store.StoreRetry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tasks that make parts of avatars, as the lifecycle publishes them. */
final class SampleAvatars {

    private SampleAvatars() {}

    static AvatarInputs inputs(ObjectStore store) {
        return inputs(store, "");
    }

    static AvatarInputs inputs(ObjectStore store, String promptAppend) {
        var texts = new AvatarTextRepository(store, new StoreRetry(Duration.ofMillis(300)));
        return new AvatarInputs(texts, new PersonaPrompts(promptAppend));
    }

    static GenerationRequested base(@Nullable StoredText persona) {
        return task("base", AvatarStep.BASE, request(spec(List.of(AvatarStep.values()), persona, null)));
    }

    /** The same task with a style that the seed of the request chooses. */
    static GenerationRequested styled(GenerationRequested task) {
        var spec = Objects.requireNonNull(task.request().avatar());
        var styled =
                new AvatarSpec(spec.steps(), 4, false, false, "42", null, spec.persona(), null, null, null, null, true);
        return task.with(task.request().withAvatar(styled));
    }

    /** @param steps of the job: without {@code PROMPT} the prompt is the client's own */
    static GenerationRequested grid(List<AvatarStep> steps, @Nullable StoredText persona, @Nullable StoredText prompt) {
        var request = request(spec(steps, persona, prompt)).toBuilder()
                .grid(new GridSpec(2, 2, true, 0, 35, 64))
                .build();
        return task("grid-0", AvatarStep.GRID, request);
    }

    static GenerationRequested task(String name, AvatarStep step, GenerationRequest request) {
        return attempt(name, step, 1, request);
    }

    static GenerationRequested attempt(String name, AvatarStep step, int attempt, GenerationRequest request) {
        return new GenerationRequested(SampleTasks.JOB, name, attempt, 3, SampleTasks.AT, null, request, step);
    }

    private static AvatarSpec spec(List<AvatarStep> steps, @Nullable StoredText persona, @Nullable StoredText prompt) {
        return new AvatarSpec(steps, 4, false, false, "42", null, persona, prompt, null, null, null, false);
    }

    private static GenerationRequest request(AvatarSpec spec) {
        return SampleTasks.request(ScriptedEngine.NAME, "", 1, null).toBuilder()
                .metadata(Metadata.FULL)
                .avatar(spec)
                .build();
    }
}
