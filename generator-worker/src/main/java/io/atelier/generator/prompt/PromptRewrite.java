package io.atelier.generator.prompt;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of rewriting a prompt, successful or not, as it is stored with the job.
 *
 * @param by name of the enhancer that rewrote the prompt; {@link Job.Enhancement#NONE} if none could
 * @param prompt the rewritten prompt; null if there is none
 * @param millis how long the rewrite or the failed try took
 * @param why why there is no rewritten prompt; null if there is one
 */
public record PromptRewrite(
        String by,
        @Nullable String prompt,
        long millis,
        @Nullable String why) {

    private static final int MAX_REASON_LENGTH = 500;

    static PromptRewrite of(PromptEnhancer enhancer, String prompt, long millis) {
        return new PromptRewrite(enhancer.name(), prompt, millis, null);
    }

    static PromptRewrite failed(String reason, long millis) {
        var why = reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
        return new PromptRewrite(Job.Enhancement.NONE, null, millis, why);
    }

    /** The request with the prompt to use: the rewritten one, or the original one if there is none. */
    public GenerationRequest applyTo(GenerationRequest request) {
        return prompt == null ? request : request.withPrompt(prompt);
    }

    /** The entry for the job. */
    public Job.Enhancement enhancement() {
        return new Job.Enhancement(by, prompt, millis);
    }

    /** A warning if the client required a rewritten prompt and there is none; empty otherwise. */
    public List<Job.Warning> warnings(GenerationRequest request) {
        if (why == null || request.enhance() != Enhance.ON) {
            return List.of();
        }
        var message = "The original prompt was used, because it could not be rewritten: " + why;
        return List.of(new Job.Warning("prompt-not-enhanced", message, null));
    }
}
