package io.atelier.gateway.api.avatars;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.batches.BatchReader;
import io.atelier.gateway.api.batches.BatchReader.Found;
import io.atelier.gateway.api.batches.BatchResponse;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.ImageUrls;
import io.atelier.gateway.api.generations.PublishedUrls;
import io.atelier.gateway.api.generations.RetryAfter;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.ValidationErrors;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Exports batches of avatars. */
@RestController
@Tag(name = AvatarController.TAG)
public final class AvatarBatchExportController {

    private static final String JSON = "json";
    private static final String CSV = "csv";
    private static final String ZIP = "zip";
    private static final List<String> FORMATS = List.of(JSON, CSV, ZIP);
    private static final String CSV_TYPE = "text/csv";
    private static final String ZIP_TYPE = "application/zip";

    private final BatchReader lookup;
    private final AvatarBatchArchive archive;
    private final GenerationAssembler assembler;
    private final PublishedUrls published;
    private final JsonMapper json;
    private final Clock clock;

    public AvatarBatchExportController(
            BatchReader lookup,
            AvatarBatchArchive archive,
            GenerationAssembler assembler,
            PublishedUrls published,
            JsonMapper json,
            Clock clock) {
        this.lookup = lookup;
        this.archive = archive;
        this.assembler = assembler;
        this.published = published;
        this.json = json;
        this.clock = clock;
    }

    @Operation(
            operationId = "exportAvatarBatch",
            summary = "Export a batch of avatars",
            description =
                    "What has ended until now: as JSON with the generations; as CSV with a line for each image; or as a ZIP archive with a folder for"
                            + " each persona, which has its images, and its details with the texts of the person and the prompts. The archive is"
                            + " written while it is sent: its last file, manifest.json, has the batch and names images that the store did not have;"
                            + " an archive that broke off has no directory. While an avatar has not ended, Retry-After says when to ask again.")
    @ApiResponse(
            responseCode = "200",
            description = "The export",
            headers = {
                @Header(
                        name = HttpHeaders.RETRY_AFTER,
                        description = "Seconds after which to ask again; left out if all have ended",
                        schema = @Schema(type = "integer")),
                @Header(
                        name = HttpHeaders.CONTENT_DISPOSITION,
                        description = "The name of the file: the id of the batch and the format",
                        schema = @Schema(type = "string"))
            },
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = AvatarBatch.class)),
                @Content(mediaType = CSV_TYPE, schema = @Schema(type = "string")),
                @Content(mediaType = ZIP_TYPE, schema = @Schema(type = "string", format = "binary"))
            })
    @GetMapping(AvatarBatchController.PATH + "/{id}/export")
    Mono<Void> export(
            @Parameter(description = "Such as avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(
                            description = "The format of the file",
                            schema =
                                    @Schema(
                                            allowableValues = {JSON, CSV, ZIP},
                                            defaultValue = JSON))
                    @RequestParam(required = false)
                    @Nullable
                    String format,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var known = known(format);
        var paths = ApiPaths.of(exchange.getRequest());
        return lookup.find(AvatarBatchId.KIND, id).flatMap(found -> {
            var batch = AvatarBatch.of(AvatarBatchPlace.of(found), found.jobs(), paths);
            describe(exchange.getResponse().getHeaders(), batch, found, known);
            var jobs = notErased(found.jobs());
            return switch (known) {
                case CSV -> send(exchange, new AvatarBatchCsv(new ImageUrls(paths, published)).bytes(batch, jobs));
                case ZIP -> sendArchive(exchange, batch, jobs, paths);
                default -> send(exchange, json.writeValueAsBytes(batch.with(generations(jobs, paths))));
            };
        });
    }

    private static String known(@Nullable String format) {
        var errors = new ValidationErrors();
        if (format != null && !FORMATS.contains(format)) {
            errors.add(FieldError.inParameter("format", "Must be one of " + String.join(", ", FORMATS) + "."));
        }
        errors.throwIfAny();
        return format == null ? JSON : format;
    }

    private void describe(HttpHeaders headers, AvatarBatch batch, Found<AvatarBatchId> found, String format) {
        headers.setContentType(
                switch (format) {
                    case CSV -> new MediaType(MediaType.parseMediaType(CSV_TYPE), StandardCharsets.UTF_8);
                    case ZIP -> MediaType.parseMediaType(ZIP_TYPE);
                    default -> MediaType.APPLICATION_JSON;
                });
        headers.set(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.%s\"".formatted(batch.id(), format));
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (!batch.terminal()) {
            var open = new BatchResponse<>(
                    batch, false, found.jobs().values(), job -> RetryAfter.byAge(job, clock.instant()));
            headers.set(HttpHeaders.RETRY_AFTER, open.retryAfter());
        }
    }

    private static SortedMap<Integer, Job> notErased(SortedMap<Integer, Job> jobs) {
        var kept = new TreeMap<>(jobs);
        kept.values().removeIf(job -> job.erasure() != null);
        return kept;
    }

    private Map<Integer, Generation> generations(SortedMap<Integer, Job> jobs, ApiPaths paths) {
        var generations = new HashMap<Integer, Generation>();
        jobs.forEach((place, job) -> generations.put(place, assembler.of(job, paths)));
        return generations;
    }

    private static Mono<Void> send(ServerWebExchange exchange, byte[] body) {
        var response = exchange.getResponse();
        response.getHeaders().setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private Mono<Void> sendArchive(
            ServerWebExchange exchange, AvatarBatch batch, SortedMap<Integer, Job> jobs, ApiPaths paths) {
        return HttpMethod.HEAD.equals(exchange.getRequest().getMethod())
                ? exchange.getResponse().setComplete()
                : archive.send(batch, jobs, paths, exchange.getResponse());
    }
}
