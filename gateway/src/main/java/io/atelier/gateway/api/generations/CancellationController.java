package io.atelier.gateway.api.generations;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.CancellationForm;
import io.atelier.gateway.api.request.CancellationReader;
import io.atelier.gateway.api.request.EmptyBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Cancels and erases jobs. */
@RestController
@Tag(name = "Generations")
public final class CancellationController {

    private static final String OUTCOME = "Cancel-Outcome";

    private static final String NO_FIELDS =
            "A DELETE has no fields: it erases the whole generation. To give a reason, cancel the generation first.";

    private final BoundedBodyReader bodies;
    private final JobLookup lookup;
    private final CancellationService cancellations;
    private final GenerationAssembler assembler;

    public CancellationController(
            BoundedBodyReader bodies,
            JobLookup lookup,
            CancellationService cancellations,
            GenerationAssembler assembler) {
        this.bodies = bodies;
        this.lookup = lookup;
        this.cancellations = cancellations;
        this.assembler = assembler;
    }

    @Operation(
            operationId = "cancelGeneration",
            summary = "Cancel a generation",
            description =
                    "Idempotent. A queued job is canceled at once. The worker of a running job is asked to stop; the job then shows "
                            + "whether its device was freed, or that the result came first (too_late). A job that had ended before is not changed; the "
                            + "header Cancel-Outcome says too_late.",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = CancellationForm.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The job has ended",
            headers =
                    @Header(
                            name = OUTCOME,
                            description =
                                    "What the cancellation came to: cancel.outcome of the job, or too_late if it had ended without one",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"dequeued", "freed", "too_late", "unconfirmed"})))
    @ApiResponse(responseCode = "202", description = "The worker was asked to stop")
    @PostMapping(path = "/v1/generations/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> cancel(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return bodies.read(request)
                .map(CancellationReader::read)
                .flatMap(cancellation -> lookup.find(id)
                        .flatMap(job -> cancellations.cancel(
                                job,
                                CanceledBy.CLIENT,
                                cancellation.reason(),
                                cancellation.grace().orElse(CancellationService.DEFAULT_GRACE))))
                .map(job -> response(job, ApiPaths.of(request)));
    }

    @Operation(
            operationId = "deleteGeneration",
            summary = "Erase a generation",
            description =
                    "Cancels the job if it has not ended, and erases its images, prompt and labels. Later requests for it get 410. "
                            + "Idempotent.")
    @ApiResponse(responseCode = "204", description = "The job is erased", content = @Content)
    @ApiResponse(
            responseCode = "202",
            description = "The job is erased once its worker has stopped",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Generation.class)))
    @DeleteMapping("/v1/generations/{id}")
    Mono<ResponseEntity<Generation>> delete(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request) {
        // The body is read first, so that a request whose rest is malformed erases nothing.
        return bodies.read(request)
                .doOnNext(body -> EmptyBody.require(body, NO_FIELDS))
                .flatMap(body -> lookup.findIncludingErased(id))
                .flatMap(cancellations::erase)
                .map(job -> job.erasure() == null
                        ? ResponseEntity.accepted()
                                .cacheControl(CacheControl.noStore())
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(assembler.of(job, ApiPaths.of(request)))
                        : ResponseEntity.noContent().build());
    }

    private ResponseEntity<Generation> response(Job job, ApiPaths paths) {
        var status = job.status().terminal() ? HttpStatus.OK : HttpStatus.ACCEPTED;
        var response = ResponseEntity.status(status).cacheControl(CacheControl.noStore());
        outcome(job).ifPresent(outcome -> response.header(OUTCOME, outcome.word()));
        return response.body(assembler.of(job, paths));
    }

    /** The outcome of the request; empty while it is not known. A job that had ended has no cancellation of its own. */
    private static Optional<Outcome> outcome(Job job) {
        var cancel = job.cancel();
        if (cancel == null) {
            return job.status().terminal() ? Optional.of(Outcome.TOO_LATE) : Optional.empty();
        }
        return Optional.ofNullable(cancel.outcome());
    }
}
