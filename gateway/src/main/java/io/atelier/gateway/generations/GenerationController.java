package io.atelier.gateway.generations;

import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows where a job stands. */
@RestController
@Tag(name = "Generations", description = "Ask for pictures, see where they stand, fetch them")
final class GenerationController {

    private final Generations generations;
    private final Portrait portrait;

    GenerationController(Generations generations, Portrait portrait) {
        this.generations = generations;
        this.portrait = portrait;
    }

    @Operation(
            operationId = "getGeneration",
            summary = "Where a job stands",
            description =
                    "The ETag changes with every change of state, with progress and with the place in line, so that If-None-Match saves the "
                            + "body. While the job is not final, Retry-After says when to ask again.")
    @GetMapping(path = "/v1/generations/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> find(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id) {
        return generations.find(id).map(this::answer);
    }

    @Operation(
            operationId = "listImages",
            summary = "The pictures of a job",
            description = "The deliverables, in their order; none before the job succeeded.")
    @GetMapping(path = "/v1/generations/{id}/images", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ImageObject.Listing> images(@PathVariable String id) {
        return generations.find(id).map(job -> new ImageObject.Listing("list", ImageObject.deliverables(job)));
    }

    private ResponseEntity<Generation> answer(Job job) {
        var answer = ResponseEntity.ok()
                .eTag("\"" + portrait.tag(job) + "\"")
                .cacheControl(CacheControl.noCache().cachePrivate());
        if (!job.status().terminal()) {
            answer.header(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(portrait.patience(job).toSeconds()));
        }
        return answer.body(portrait.of(job));
    }
}
