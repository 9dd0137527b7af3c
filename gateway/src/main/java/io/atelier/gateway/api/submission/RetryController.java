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

/** Retries a job that has ended, as a new job. */
@RestController
@Tag(name = "Generations")
public final class RetryController {

    private final JobLookup lookup;
    private final JobSubmissionService submissions;
    private final GenerationAssembler assembler;

    public RetryController(JobLookup lookup, JobSubmissionService submissions, GenerationAssembler assembler) {
        this.lookup = lookup;
        this.submissions = submissions;
        this.assembler = assembler;
    }

    @Operation(
            operationId = "retryGeneration",
            summary = "Retry a generation as a new one",
            description =
                    "Creates a new job with the same request and seed; its parent_id is the old job. Deadlines are not copied.")
    @ApiResponse(responseCode = "202", description = "The new job is accepted")
    @PostMapping(path = "/v1/generations/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> retry(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id) {
        return lookup.find(id)
                .map(RetryController::retryRequest)
                .flatMap(submissions::submit)
                .map(accepted -> response(accepted.job()));
    }

    private static GenerationRequest retryRequest(Job job) {
        if (!job.status().terminal()) {
            throw new Problem(
                            ProblemKind.NOT_TERMINAL,
                            "The generation '%s' is %s. Wait until it has ended, or cancel it first."
                                    .formatted(job.id(), job.status().word()))
                    .with("job_id", job.id().value());
        }
        var retain = job.request().terms().retain();
        return job.request().withFirstModel().withTerms(new Terms(null, null, retain, job.id(), null));
    }

    private ResponseEntity<Generation> response(Job job) {
        return ResponseEntity.accepted()
                .location(URI.create(ApiPaths.job(job.id())))
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(assembler.retryAfter(job).toSeconds()))
                .cacheControl(CacheControl.noStore())
                .body(assembler.of(job));
    }
}
