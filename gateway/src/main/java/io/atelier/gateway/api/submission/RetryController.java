package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Does a job again, as a new one. */
@RestController
@Tag(name = "Generations")
public final class RetryController {

    private final JobLookup generations;
    private final JobSubmissionService submission;
    private final GenerationAssembler portrait;

    public RetryController(JobLookup generations, JobSubmissionService submission, GenerationAssembler portrait) {
        this.generations = generations;
        this.submission = submission;
        this.portrait = portrait;
    }

    @Operation(
            operationId = "retryGeneration",
            summary = "Do a job again",
            description =
                    "Makes a new job of the same request and seed, whose parent_id is the old one. Deadlines are not repeated.")
    @ApiResponse(responseCode = "202", description = "The new job is accepted")
    @PostMapping(path = "/v1/generations/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> retry(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id) {
        return generations
                .find(id)
                .map(RetryController::again)
                .flatMap(submission::submit)
                .map(this::answer);
    }

    private static GenerationRequest again(Job job) {
        if (!job.status().terminal()) {
            throw new Problem(
                            ProblemKind.NOT_TERMINAL,
                            "The generation '%s' is %s. Wait for its end, or cancel it first."
                                    .formatted(job.id(), job.status().word()))
                    .with("job_id", job.id().value());
        }
        var retain = job.request().terms().retain();
        return job.request().fromTheStart().with(new Terms(null, null, retain, job.id(), null));
    }

    private ResponseEntity<Generation> answer(Job job) {
        return ResponseEntity.accepted()
                .location(URI.create(ApiPaths.job(job.id())))
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(portrait.patience(job).toSeconds()))
                .cacheControl(CacheControl.noStore())
                .body(portrait.of(job));
    }
}
