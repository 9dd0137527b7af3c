package io.atelier.generator.prompt;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of the wish to better a prompt, as it is kept for whoever draws.
 *
 * @param by who bettered it; {@link Job.Enhancement#NOBODY} if nobody could
 * @param prompt the better one; null if there is none
 * @param millis how long that took
 * @param why there is none; null if there is one
 */
public record PromptRewrite(
        String by,
        @Nullable String prompt,
        long millis,
        @Nullable String why) {

    private static final int LONGEST_REASON = 500;

    static PromptRewrite of(PromptEnhancer enhancer, String prompt, long millis) {
        return new PromptRewrite(enhancer.name(), prompt, millis, null);
    }

    static PromptRewrite ofNobody(String why, long millis) {
        var reason = why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON);
        return new PromptRewrite(Job.Enhancement.NOBODY, null, millis, reason);
    }

    /** The request with the prompt that is drawn. */
    public GenerationRequest in(GenerationRequest request) {
        return prompt == null ? request : request.saying(prompt);
    }

    /** What the job tells of it. */
    public Job.Enhancement enhancement() {
        return new Job.Enhancement(by, prompt, millis);
    }

    /** What the client should know, if it insisted on a better prompt. */
    public List<Job.Warning> warnings(GenerationRequest request) {
        if (why == null || request.enhance() != Enhance.ON) {
            return List.of();
        }
        var message = "The prompt was drawn as it is, since it could not be enhanced: " + why;
        return List.of(new Job.Warning("prompt-not-enhanced", message, null));
    }
}
