package io.atelier.gateway.api.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.Upload;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.GridSplitForm;
import io.atelier.gateway.api.request.GridSplitUpload;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.api.request.SplitBody;
import io.atelier.gateway.api.request.SplitForm;
import io.atelier.gateway.api.request.SplitQuery;
import io.atelier.gateway.api.request.SplitRequestReader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;

/** Creates jobs that only split images that exist, without an engine. */
@RestController
@Tag(name = "Generations")
public final class SplitController {

    private static final String AGAIN = "POST /v1/generations/{id}/split";
    private static final String IMAGE = "POST /v1/grids/split";

    /** Stands for a file that is not stored yet. */
    private static final FileId NO_FILE = FileId.ofSha256("0".repeat(64));

    private final BoundedBodyReader bodies;
    private final SplitRequestReader reader;
    private final JobLookup lookup;
    private final SourceResolver sources;
    private final JobSubmissionService submissions;
    private final ResponseNegotiator responses;
    private final UploadReader uploads;
    private final FileUploads files;
    private final DiskSpace disk;
    private final Clock clock;

    public SplitController(
            JobLookup lookup,
            SourceResolver sources,
            JobSubmissionService submissions,
            ResponseNegotiator responses,
            UploadReader uploads,
            FileUploads files,
            DiskSpace disk,
            SplitRequestReader reader,
            SubmissionProperties properties,
            Clock clock) {
        this.bodies = new BoundedBodyReader(properties.maxBody(), properties.drain(), properties.bodyTimeout());
        this.reader = reader;
        this.lookup = lookup;
        this.sources = sources;
        this.submissions = submissions;
        this.responses = responses;
        this.uploads = uploads;
        this.files = files;
        this.disk = disk;
        this.clock = clock;
    }

    @Operation(
            operationId = "splitGeneration",
            summary = "Split the grids of a generation again",
            description =
                    "Creates a new job that cuts the stored grids of a generation in another way; its parent_id is that"
                            + " generation. No engine runs. The new job keeps a copy of the grids, so it does not depend on the other"
                            + " one once it has succeeded. 409 no-grid if the generation stored no grid. No body is the"
                            + " same as an empty object.",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = SplitForm.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "With an inset",
                                                            value = "{\"layout\": \"2x2\", \"trim\":"
                                                                    + " {\"inset_px\": 6}}"))))
    @PreferParameter(description = PreferParameter.WAIT + "the new job")
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same generation and body returns the existing new job; otherwise it is"
                    + " refused.")
    @CancelAfterParameter
    @AcceptedResponse(description = "The new job is accepted")
    @StreamableResponse(description = "The new job has ended, or its events are streamed")
    @PostMapping(
            path = "/v1/generations/{id}/split",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> splitAgain(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        return bodies.read(exchange.getRequest()).flatMap(bytes -> {
            requireJson(exchange.getRequest(), bytes);
            var body = SplitBody.ofGeneration(bytes, CancelAfter.of(exchange.getRequest()));
            var canonical = ClientSuppliedId.parse(id).map(JobId::value).orElse(id);
            var digest =
                    Sha256.of(AGAIN + "\n" + canonical + "\n" + body.digest()).hex();
            var request = Mono.defer(() -> lookup.findSettled(id))
                    .map(job -> reader.splitAgain(body, requireGrid(job), clock.instant()));
            return respond(exchange, body, AGAIN, digest, request);
        });
    }

    @Operation(
            operationId = "splitGrid",
            summary = "Split an image",
            description =
                    "Creates a job that cuts an image into tiles: of a generation, at a public https URL, an uploaded file, or the part 'image' of a form, which"
                            + " is then kept as a file. No engine runs, and the model of the job"
                            + " is null. The job keeps a copy of the image as its grid.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                // First, because openapi-generator makes no class of a form that is not.
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schema = @Schema(implementation = GridSplitUpload.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = GridSplitForm.class),
                                        examples =
                                                @ExampleObject(
                                                        name = "An image of a generation",
                                                        value = "{\"image\": {\"generation\": {\"id\":"
                                                                + " \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\"}},"
                                                                + " \"layout\": \"2x2\"}"))
                            }))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing job; with another one it is refused.")
    @CancelAfterParameter
    @AcceptedResponse(description = "The job is accepted")
    @StreamableResponse(description = "The job has ended, or its events are streamed")
    @PostMapping(
            path = "/v1/grids/split",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.MULTIPART_FORM_DATA_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> splitImage(
            @Parameter(
                            description = "The number of rows, if the body has no layout",
                            schema = @Schema(type = "integer", minimum = "1", maximum = "8", defaultValue = "2"))
                    @RequestParam(required = false)
                    @Nullable
                    String rows,
            @Parameter(
                            description = "The number of columns, if the body has no layout",
                            schema = @Schema(type = "integer", minimum = "1", maximum = "8", defaultValue = "2"))
                    @RequestParam(required = false)
                    @Nullable
                    String cols,
            @Parameter(
                            description = "ROWSxCOLUMNS, instead of rows and cols, if the body has no layout",
                            schema =
                                    @Schema(
                                            type = "string",
                                            pattern = "^" + RequestLimits.GRID_LAYOUT + "$",
                                            defaultValue = "2x2"))
                    @RequestParam(required = false)
                    @Nullable
                    String layout,
            @Parameter(
                            description = "How tiles are trimmed, if the body does not say it",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"auto", "tolerant", "none", "strict"},
                                            defaultValue = "auto"))
                    @RequestParam(required = false)
                    @Nullable
                    String trim,
            @Parameter(
                            description = "Tiles with a shorter side are left out, if the body does not say it",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            minimum = "" + RequestLimits.MIN_TILE_PX,
                                            maximum = "" + RequestLimits.MAX_TILE_PX))
                    @RequestParam(name = "min_tile_px", required = false)
                    @Nullable
                    String minTilePx,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        return imageBody(exchange, new SplitQuery(rows, cols, layout, trim, minTilePx))
                .flatMap(body -> {
                    var request = Mono.defer(() -> sources.resolve(reader.splitImage(body, clock.instant())))
                            .map(resolved -> reader.withSize(body, resolved));
                    return respond(exchange, body, IMAGE, body.digest(), request);
                });
    }

    /** A condition of the mapping would refuse a request without a body, too. */
    private static void requireJson(ServerHttpRequest request, byte[] body) {
        var type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        boolean isJson = type != null && isJson(type);
        if (body.length > 0 && !isJson) {
            throw new UnsupportedMediaTypeStatusException((MediaType) null, List.of(MediaType.APPLICATION_JSON));
        }
    }

    private static boolean isJson(String type) {
        try {
            return MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(type));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private Mono<SplitBody> imageBody(ServerWebExchange exchange, SplitQuery query) {
        var request = exchange.getRequest();
        var cancelAfter = CancelAfter.of(request);
        var type = request.getHeaders().getContentType();
        if (type == null || !MediaType.MULTIPART_FORM_DATA.equalsTypeAndSubtype(type)) {
            return bodies.read(request).map(bytes -> SplitBody.ofImage(bytes, query, cancelAfter));
        }
        return Mono.defer(() -> {
            disk.requireSpace();
            return uploads.read(
                    request,
                    GridSplitUpload.IMAGE,
                    GridSplitUpload.FIELDS,
                    upload -> store(upload, query, cancelAfter));
        });
    }

    /** Stores the image of a form as a file, if the other fields are valid. */
    private Mono<SplitBody> store(Upload upload, SplitQuery query, @Nullable String cancelAfter) {
        return Mono.defer(() -> {
                    reader.splitImage(SplitBody.ofForm(upload::field, NO_FILE, query, cancelAfter), clock.instant());
                    return files.keep(upload);
                })
                .map(file -> SplitBody.ofForm(upload::field, file, query, cancelAfter));
    }

    private Mono<ResponseEntity<?>> respond(
            ServerWebExchange exchange,
            SplitBody body,
            String operation,
            String digest,
            Mono<GenerationRequest> request) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        var preference = responses.negotiate(exchange, body);
        var submission = key.map(given -> submissions.submit(given.jobId(operation), digest, request, given::conflict))
                .orElseGet(() -> request.flatMap(submissions::submit));
        return responses.render(exchange, preference, submission);
    }

    private static Job requireGrid(Job job) {
        if (!job.grids().isEmpty()) {
            return job;
        }
        var detail = job.status().terminal()
                ? "The generation '%s' stored no grid, so there is nothing to split again. To split one of its images, POST it to /v1/grids/split."
                : "The generation '%s' has not stored a grid yet. Wait until it has ended, then send this again.";
        throw new Problem(ProblemKind.NO_GRID, detail.formatted(job.id()))
                .with("job_id", job.id().value())
                .with("job_status", job.status().word());
    }
}
