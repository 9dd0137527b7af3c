package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.request.PreferHeader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows where a job stands. */
@RestController
@Tag(name = "Generations", description = "Ask for pictures, see where they stand, fetch them")
public final class GenerationController {

    private static final Pattern TAG = Pattern.compile("\\s*(?:W/)?\"(\\d{1,9})-");

    private final JobLookup generations;
    private final GenerationAssembler portrait;

    public GenerationController(JobLookup generations, GenerationAssembler portrait) {
        this.generations = generations;
        this.portrait = portrait;
    }

    @Operation(
            operationId = "getGeneration",
            summary = "Where a job stands",
            description =
                    "The ETag changes with every change of state, with progress and with the place in line, so that If-None-Match saves the "
                            + "body. While the job is not final, Retry-After says when to ask again. With 'Prefer: wait=20' the answer "
                            + "waits for the end of the job, or, if If-None-Match names a version, for the next version.",
            parameters = {
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = PreferHeader.HEADER,
                        description = "wait=N: wait so many seconds, 1 to 60",
                        schema = @Schema(type = "string", example = "wait=20")),
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = HttpHeaders.IF_NONE_MATCH,
                        description = "The ETag that the client has",
                        schema = @Schema(type = "string", example = "\"2-0\""))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The job as it stands",
            headers = @Header(name = HttpHeaders.ETAG, schema = @Schema(type = "string")),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Generation.class)))
    @ApiResponse(responseCode = "304", description = "It stands as the client knows", content = @Content)
    @GetMapping(path = "/v1/generations/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> find(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request) {
        var preferences = PreferHeader.of(request.getHeaders());
        var known = knownVersion(request.getHeaders());
        return generations
                .find(id)
                .flatMap(job -> preferences
                        .patience()
                        .map(within -> generations.beyond(job, known, within))
                        .orElseGet(() -> Mono.just(job)))
                .map(job -> answer(job, preferences));
    }

    @Operation(
            operationId = "listImages",
            summary = "The pictures of a job",
            description = "The deliverables, in their order; none before the job succeeded.")
    @GetMapping(path = "/v1/generations/{id}/images", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ImageObject.Listing> images(@PathVariable String id) {
        return generations.find(id).map(job -> new ImageObject.Listing("list", ImageObject.deliverables(job)));
    }

    /** The version that the client has; if it names none, one that is never passed. */
    private static int knownVersion(HttpHeaders headers) {
        var tag = TAG.matcher(Objects.requireNonNullElse(headers.getFirst(HttpHeaders.IF_NONE_MATCH), ""));
        return tag.lookingAt() ? Integer.parseInt(tag.group(1)) : Integer.MAX_VALUE;
    }

    private ResponseEntity<Generation> answer(Job job, PreferHeader preferences) {
        var answer = ResponseEntity.ok()
                .eTag("\"" + portrait.tag(job) + "\"")
                .cacheControl(CacheControl.noCache().cachePrivate());
        preferences.waited().ifPresent(waited -> answer.header(PreferHeader.APPLIED, waited));
        if (!job.status().terminal()) {
            answer.header(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(portrait.patience(job).toSeconds()));
        }
        return answer.body(portrait.of(job));
    }
}
