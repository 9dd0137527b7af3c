package io.atelier.gateway.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.progress.ProgressBoard;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.Optional;
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

    private static final String NO_TICK = "0";

    private final Generations generations;
    private final ProgressBoard progress;
    private final Clock clock;

    GenerationController(Generations generations, ProgressBoard progress, Clock clock) {
        this.generations = generations;
        this.progress = progress;
        this.clock = clock;
    }

    @Operation(
            operationId = "getGeneration",
            summary = "Where a job stands",
            description =
                    "The ETag changes with every change of state and with progress, so that If-None-Match saves the "
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
        var heard = progress.of(job.id());
        var answer = ResponseEntity.ok()
                .eTag("\"" + job.version() + "-" + tick(Generation.current(job, heard)) + "\"")
                .cacheControl(CacheControl.noCache().cachePrivate());
        if (!job.status().terminal()) {
            var wait = Patience.with(job, clock.instant());
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
        }
        return answer.body(Generation.of(job, heard));
    }

    private static String tick(Optional<TaskProgress> heard) {
        return heard.map(one -> Long.toString(one.at().toEpochMilli(), 36) + "." + one.step())
                .orElse(NO_TICK);
    }
}
