package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.avatars.AvatarBatchSubmissions.AcceptedAvatars;
import io.atelier.gateway.api.batches.BatchPage;
import io.atelier.gateway.api.batches.BatchReader;
import io.atelier.gateway.api.batches.BatchResponse;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.RetryAfter;
import io.atelier.gateway.api.request.AvatarBatchForm;
import io.atelier.gateway.api.request.AvatarRequestReader;
import io.atelier.gateway.api.request.BoundedBodyReader;
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
import java.util.Collection;
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

/** Creates and shows batches of avatars. */
@RestController
@Tag(name = AvatarController.TAG)
public final class AvatarBatchController {

    public static final String PATH = "/v1/avatar-batches";

    private static final String EXAMPLE =
            "{\"personas\": [{\"id\": \"42\", \"firstname\": \"Ada\", \"lastname\": \"Example\", \"gender\": \"f\","
                    + " \"bio_facebook\": \"A carpenter who restores old boats\", \"bio_instagram\": \"\", \"bio_x\": \"\","
                    + " \"bio_tiktok\": \"\"}], \"images\": 4, \"concurrency\": 3}";

    private final BoundedBodyReader bodies;
    private final AvatarRequestReader reader;
    private final AvatarBatchSubmissions submissions;
    private final BatchReader lookup;
    private final int concurrency;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * @param concurrency how many avatars of a batch are made at the same time if its request does not say
     * @param random makes ids hard to guess: a secure one, thread-safe
     */
    public AvatarBatchController(
            BoundedBodyReader bodies,
            AvatarRequestReader reader,
            AvatarBatchSubmissions submissions,
            BatchReader lookup,
            int concurrency,
            Clock clock,
            RandomGenerator random) {
        this.bodies = bodies;
        this.reader = reader;
        this.submissions = submissions;
        this.lookup = lookup;
        this.concurrency = concurrency;
        this.clock = clock;
        this.random = random;
    }

    @Operation(
            operationId = "createAvatarBatch",
            summary = "Create images of each of several persons",
            description = "1 to " + RequestLimits.MAX_BATCH_PERSONAS
                    + " personas with the same parameters. All are checked before any avatar is created. All avatars are accepted at once, and wait"
                    + " in the stage held until it is their turn: never more than concurrency of them are made at the same time. Each is a"
                    + " generation like any other, and ends by itself; its labels avatar-batch.id, avatar-batch.index and avatar-batch.size say where it"
                    + " belongs.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AvatarBatchForm.class),
                                            examples = @ExampleObject(name = "One person", value = EXAMPLE))))
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing batch, and creates the avatars that an"
                    + " earlier request could not; with another body it is refused.")
    @CancelAfterParameter
    @ApiResponse(
            responseCode = "200",
            description = "The batch existed, and all of its avatars have ended",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = AvatarBatch.class)))
    @ApiResponse(
            responseCode = "202",
            description = "All avatars are accepted",
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
                            schema = @Schema(implementation = AvatarBatch.class)))
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<AvatarBatch>> create(@Parameter(hidden = true) ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var key = IdempotencyKey.of(request.getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        var cancelAfter = CancelAfter.of(request);
        var paths = ApiPaths.of(request);
        return bodies.read(request).flatMap(body -> {
            var batch = reader.readBatch(body, cancelAfter, clock.instant(), concurrency);
            var id = AvatarBatchId.of(key.map(given -> given.jobId("POST " + PATH))
                    .orElseGet(() -> JobId.create(clock.instant(), random)));
            var place = new AvatarBatchPlace(id, 0, batch.requests().size(), batch.concurrency());
            return submissions.submit(id, batch).map(accepted -> accepted(place, accepted, paths));
        });
    }

    private ResponseEntity<AvatarBatch> accepted(AvatarBatchPlace place, AcceptedAvatars accepted, ApiPaths paths) {
        var batch = AvatarBatch.of(place, accepted.jobs(), paths);
        return response(batch, accepted.jobs().values())
                .accepted(AvatarBatch.path(place.batch(), paths), accepted.isReplayed());
    }

    @Operation(
            operationId = "getAvatarBatch",
            summary = "Show a batch of avatars",
            description =
                    "The avatars are in the order of the personas; the next page is at the URL in the header Link, or at after=last_id while"
                            + " has_more is true. While one has not ended, Retry-After says when to ask again.")
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
    Mono<ResponseEntity<AvatarBatch>> find(
            @Parameter(description = "Such as avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(description = "Lists those after the one of this id", schema = @Schema(type = "string"))
                    @RequestParam(required = false)
                    @Nullable
                    String after,
            @Parameter(
                            description = "How many to list at most, 1 to " + RequestLimits.MAX_BATCH_PERSONAS
                                    + "; all of them by default",
                            schema = @Schema(type = "integer"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var paths = ApiPaths.of(exchange.getRequest());
        return lookup.find(AvatarBatchId.KIND, id).map(found -> {
            var page = BatchPage.read(after, limit, found.id(), found.size(), RequestLimits.MAX_BATCH_PERSONAS);
            var batch = AvatarBatch.of(AvatarBatchPlace.of(found), found.jobs(), paths);
            return response(batch.page(page), found.jobs().values())
                    .shown(page.next(AvatarBatch.path(found.id(), paths), found.id()));
        });
    }

    /** Asks again after a part of the age of the youngest open avatar: its end cannot be estimated. */
    private BatchResponse<AvatarBatch> response(AvatarBatch batch, Collection<Job> jobs) {
        return new BatchResponse<>(batch, batch.terminal(), jobs, job -> RetryAfter.byAge(job, clock.instant()));
    }
}
