package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.generations.RetryAfter;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.TextStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows the prompts of avatars, which are not part of their JSON, because they are personal. */
@RestController
@Tag(name = AvatarController.TAG)
public final class PromptController {

    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,3}");
    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final JobLookup lookup;
    private final TextStore texts;
    private final Clock clock;

    public PromptController(JobLookup lookup, TextStore texts, Clock clock) {
        this.lookup = lookup;
        this.texts = texts;
        this.clock = clock;
    }

    @Operation(
            operationId = "getPrompt",
            summary = "Get a prompt of an avatar",
            description =
                    "The text from which grids are made, as the request gave it, or as it was written from the person. It is there"
                            + " before the avatar has ended.")
    @ApiResponse(
            responseCode = "200",
            description = "The prompt",
            content = @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string")))
    @GetMapping(path = "/v1/generations/{id}/prompts/{index}", produces = MediaType.TEXT_PLAIN_VALUE)
    Mono<ResponseEntity<byte[]>> prompt(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(
                            description = "The number of the prompt, from 0; with distinct prompts that of the grid",
                            example = "0")
                    @PathVariable
                    String index) {
        return lookup.findSettled(id)
                .flatMap(job -> Mono.fromFuture(() -> texts.readBytes(find(job, index)), true)
                        .onErrorMap(ObjectStoreFailed.class, failure -> failure(job, failure)))
                .map(text -> ResponseEntity.ok()
                        .contentType(TEXT)
                        .cacheControl(CacheControl.noStore())
                        .header("X-Content-Type-Options", "nosniff")
                        .body(text));
    }

    private StoredText find(Job job, String name) {
        var avatar = job.request().avatar();
        if (avatar == null || !INDEX.matcher(name).matches()) {
            throw notFound(job, name);
        }
        int index = Integer.parseInt(name);
        var given = Optional.ofNullable(avatar.prompt()).filter(text -> index == 0);
        return given.or(() -> job.prompts().stream()
                        .filter(prompt -> prompt.index() == index)
                        .map(StoredPrompt::text)
                        .findFirst())
                .orElseThrow(() -> index < expected(job) ? notReady(job) : notFound(job, name));
    }

    private Problem notReady(Job job) {
        return new Problem(
                        ProblemKind.PROMPT_NOT_READY,
                        "The generation is %s, in the stage '%s', and this prompt is not written yet. Ask again."
                                .formatted(job.status().word(), job.stage()))
                .with("job_id", job.id().value())
                .with("job_status", job.status().word())
                .retryAfter(RetryAfter.byAge(job, clock.instant()));
    }

    private static Problem notFound(Job job, String name) {
        return new Problem(
                        ProblemKind.NOT_FOUND,
                        "The generation has no prompt '%s'. It has %s."
                                .formatted(
                                        name.length() <= 32 ? name : name.substring(0, 32) + "...",
                                        count(job) == 0 ? "none" : "%d, numbered from 0".formatted(count(job))))
                .with("job_id", job.id().value());
    }

    private static int count(Job job) {
        var avatar = job.request().avatar();
        return avatar != null && avatar.prompt() != null
                ? 1
                : Math.max(expected(job), job.prompts().size());
    }

    /** The number of prompts that a job has written once it is done; 0 if it writes none, or none any more. */
    private static int expected(Job job) {
        var avatar = job.request().avatar();
        if (avatar == null || !avatar.does(AvatarStep.PROMPT) || job.status().terminal()) {
            return 0;
        }
        return avatar.distinctPrompts() ? avatar.grids() : 1;
    }

    private static RuntimeException failure(Job job, ObjectStoreFailed failure) {
        return failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND ? JobLookup.textsErasedProblem(job) : failure;
    }
}
