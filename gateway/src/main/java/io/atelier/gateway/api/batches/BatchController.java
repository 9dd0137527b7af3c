package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.batches.BatchReader.Found;
import io.atelier.gateway.api.batches.BatchSubmissions.AcceptedBatch;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.request.BatchForm;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.api.submission.CancelAfter;
import io.atelier.gateway.api.submission.CancelAfterParameter;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.IdempotencyKeyParameter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates and shows batches. */
@RestController
@Tag(name = "Generations")
public final class BatchController {

    private static final String PATH = "/v1/batches";

    private final BoundedBodyReader bodies;
    private final GenerationRequestReader reader;
    private final BatchSubmissions submissions;
    private final BatchReader lookup;
    private final GenerationAssembler assembler;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param random makes ids hard to guess: a secure one, thread-safe */
    public BatchController(
            BoundedBodyReader bodies,
            GenerationRequestReader reader,
            BatchSubmissions submissions,
            BatchReader lookup,
            GenerationAssembler assembler,
            Clock clock,
            RandomGenerator random) {
        this.bodies = bodies;
        this.reader = reader;
        this.submissions = submissions;
        this.lookup = lookup;
        this.assembler = assembler;
        this.clock = clock;
        this.random = random;
    }

    @Operation(
            operationId = "createBatch",
            summary = "Create a generation for each of several prompts",
            description = "1 to " + RequestLimits.MAX_BATCH_PROMPTS
                    + " prompts with the same parameters. Without a seed, each has one of its own. All are checked before"
                    + " any generation is created. Each is a generation like any other, and ends by itself; its labels"
                    + " batch.id, batch.index and batch.size say where it belongs.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = BatchForm.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "Two prompts",
                                                            value = "{\"prompts\": [\"a castle\", \"a snowman\"],"
                                                                    + " \"size\": \"512x512\"}"))))
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing batch, and creates the generations that an"
                    + " earlier request could not; with another body it is refused.")
    @CancelAfterParameter
    @ApiResponse(
            responseCode = "200",
            description = "The batch existed, and all of its generations have ended",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Batch.class)))
    @ApiResponse(
            responseCode = "202",
            description = "All generations are accepted",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "The path of the batch",
                        schema = @Schema(type = "string")),
                @Header(
                        name = HttpHeaders.RETRY_AFTER,
                        description = "Seconds after which to ask for the batch",
                        schema = @Schema(type = "integer"))
            },
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Batch.class)))
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Batch>> create(@Parameter(hidden = true) ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var key = IdempotencyKey.of(request.getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        var cancelAfter = CancelAfter.of(request);
        var paths = ApiPaths.of(request);
        return bodies.read(request).flatMap(body -> {
            var batch = reader.readBatch(body, cancelAfter, clock.instant());
            var id = BatchId.of(key.map(given -> given.jobId("POST " + PATH))
                    .orElseGet(() -> JobId.create(clock.instant(), random)));
            return submissions.submit(id, batch).map(accepted -> accepted(id, accepted, paths));
        });
    }

    private ResponseEntity<Batch> accepted(BatchId id, AcceptedBatch accepted, ApiPaths paths) {
        var path = path(id, paths);
        var results = new ArrayList<Batch.Result>();
        accepted.jobs().forEach(job -> results.add(Batch.Result.of(results.size(), job, assembler.of(job, paths))));
        var batch = Batch.of(id, results, path);
        return response(batch, accepted.jobs()).accepted(path, accepted.isReplayed());
    }

    @Operation(
            operationId = "getBatch",
            summary = "Show a batch",
            description =
                    "The results are in the order of the prompts; the next page is at the URL in the header Link, or at after=last_id while"
                            + " has_more is true. While a generation has not ended, Retry-After says when to ask again.")
    @ApiResponse(
            responseCode = "200",
            description = "The batch",
            headers = {
                @Header(
                        name = HttpHeaders.RETRY_AFTER,
                        description = "Seconds after which to ask again; left out if all have ended",
                        schema = @Schema(type = "integer")),
                @Header(
                        name = HttpHeaders.LINK,
                        description = "rel=next: the next page",
                        schema = @Schema(type = "string"))
            })
    @GetMapping(path = PATH + "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Batch>> find(
            @Parameter(description = "Such as batch_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(description = "Lists those after the one of this id", schema = @Schema(type = "string"))
                    @RequestParam(required = false)
                    @Nullable
                    String after,
            @Parameter(
                            description = "How many to list at most, 1 to " + RequestLimits.MAX_BATCH_PROMPTS
                                    + "; all of them by default",
                            schema = @Schema(type = "integer"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var paths = ApiPaths.of(exchange.getRequest());
        return lookup.find(BatchId.KIND, id).map(found -> {
            var path = path(found.id(), paths);
            var page = BatchPage.read(after, limit, found.id(), found.size(), RequestLimits.MAX_BATCH_PROMPTS);
            var batch = Batch.of(found.id(), results(found, paths), path).page(page);
            return response(batch, found.jobs().values()).shown(page.next(path, found.id()));
        });
    }

    private BatchResponse<Batch> response(Batch batch, Collection<Job> jobs) {
        return new BatchResponse<>(batch, batch.terminal(), jobs, assembler::retryAfter);
    }

    private List<Batch.Result> results(Found<BatchId> found, ApiPaths paths) {
        var results = new ArrayList<Batch.Result>();
        for (int i = 0; i < found.size(); i++) {
            var job = found.jobs().get(i);
            results.add(
                    job == null
                            ? Batch.Result.missing(found.id(), i)
                            : Batch.Result.of(i, job, assembler.of(job, paths)));
        }
        return results;
    }

    private static String path(BatchId id, ApiPaths paths) {
        return paths.base() + PATH + "/" + id;
    }
}
