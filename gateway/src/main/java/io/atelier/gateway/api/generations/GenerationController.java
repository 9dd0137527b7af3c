package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.cache.CacheableResponse;
import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.request.RequestConditions;
import io.atelier.gateway.api.request.RequestLimits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.CacheControl;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows a job and lists its images. */
@RestController
@Tag(name = "Generations", description = "Create image generations, follow their status, download their images")
public final class GenerationController {

    private static final Pattern TAG = Pattern.compile("(\\d{1,9})-");

    private final JobLookup lookup;
    private final GenerationAssembler assembler;

    public GenerationController(JobLookup lookup, GenerationAssembler assembler) {
        this.lookup = lookup;
        this.assembler = assembler;
    }

    @Operation(
            operationId = "getGeneration",
            summary = "Get a generation",
            description =
                    "The ETag changes with the state, the progress and the queue position, so that If-None-Match saves the body. While the "
                            + "job has not ended, Retry-After says when to ask again. With 'Prefer: wait=20' the response waits for the "
                            + "end of the job, or, if If-None-Match names a version, for the next version.",
            parameters = {
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = PreferHeader.HEADER,
                        description = "wait=N: wait up to N seconds, 1 to " + RequestLimits.MAX_WAIT_SECONDS,
                        schema = @Schema(type = "string", example = "wait=20")),
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = HttpHeaders.IF_NONE_MATCH,
                        description = "The ETag of the last response, or a list of ETags",
                        schema = @Schema(type = "string", example = "\"2-0\""))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The job",
            headers = @Header(name = HttpHeaders.ETAG, schema = @Schema(type = "string")),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Generation.class)))
    @ApiResponse(responseCode = "304", description = "The job has not changed", content = @Content)
    @GetMapping(path = "/v1/generations/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> find(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request,
            @Parameter(hidden = true) ServerHttpResponse response) {
        var preferences = PreferHeader.of(request.getHeaders());
        var known = knownVersion(request.getHeaders());
        return lookup.find(id)
                .flatMap(job -> preferences
                        .waitTimeout()
                        .map(timeout -> lookup.awaitNewerVersion(job, known, timeout))
                        .orElseGet(() -> Mono.just(job)))
                .map(job -> {
                    CacheableResponse.mark(response, job);
                    return response(job, preferences, request);
                });
    }

    @Operation(
            operationId = "listImages",
            summary = "List the images of a generation",
            description = "The deliverables, in their order; none before the job has succeeded.")
    @GetMapping(path = "/v1/generations/{id}/images", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ImageObject.Listing> images(@PathVariable String id, @Parameter(hidden = true) ServerHttpRequest request) {
        return lookup.find(id).map(job -> new ImageObject.Listing("list", assembler.images(job, ApiPaths.of(request))));
    }

    /** The latest version in If-None-Match, which may list several tags; without one, a version that is never exceeded. */
    private static int knownVersion(HttpHeaders headers) {
        return headers.getOrEmpty(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(line -> ETag.parse(line).stream())
                .map(tag -> TAG.matcher(tag.tag()))
                .filter(Matcher::lookingAt)
                .mapToInt(tag -> Integer.parseInt(tag.group(1)))
                .max()
                .orElse(Integer.MAX_VALUE);
    }

    private ResponseEntity<Generation> response(Job job, PreferHeader preferences, ServerHttpRequest request) {
        var tag = new ETag(assembler.tag(job), false);
        // The framework evaluates If-None-Match, but not If-Match.
        new RequestConditions(request.getHeaders(), tag, null).requireMatch();
        var response = ResponseEntity.ok()
                .eTag(tag.formattedTag())
                .cacheControl(CacheControl.noCache().cachePrivate());
        preferences.appliedWait().ifPresent(waited -> response.header(PreferHeader.APPLIED, waited));
        if (!job.status().terminal()) {
            response.header(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(assembler.retryAfter(job).toSeconds()));
        }
        return response.body(assembler.of(job, ApiPaths.of(request)));
    }
}
