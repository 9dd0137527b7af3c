package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.gateway.api.request.CancellationForm;
import io.atelier.gateway.api.request.CancellationReader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
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

/** Ends jobs early, and erases them. */
@RestController
@Tag(name = "Generations")
public final class CancellationController {

    private static final int LARGEST_BODY = 16 << 10;

    private final JobLookup generations;
    private final CancellationService cancellations;
    private final GenerationAssembler portrait;

    public CancellationController(
            JobLookup generations, CancellationService cancellations, GenerationAssembler portrait) {
        this.generations = generations;
        this.cancellations = cancellations;
        this.portrait = portrait;
    }

    @Operation(
            operationId = "cancelGeneration",
            summary = "End a job early",
            description =
                    "Can be repeated. A waiting job is canceled at once. Of a running one the worker is asked to stop; the job then "
                            + "says whether its device was freed, or that the result came first (too_late).",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = CancellationForm.class))))
    @ApiResponse(responseCode = "200", description = "The job has ended, now or before")
    @ApiResponse(responseCode = "202", description = "Its worker was asked to stop")
    @PostMapping(path = "/v1/generations/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> cancel(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return body(request)
                .map(CancellationReader::read)
                .flatMap(wish -> generations
                        .find(id)
                        .flatMap(job -> cancellations.cancel(
                                job,
                                CanceledBy.CLIENT,
                                wish.reason(),
                                wish.grace().orElse(CancellationService.GRACE))))
                .map(this::answer);
    }

    @Operation(
            operationId = "deleteGeneration",
            summary = "Erase a job",
            description =
                    "Ends the job if it has not ended, and erases its pictures, prompt and labels. From then on it is answered with 410. "
                            + "Can be repeated.")
    @ApiResponse(responseCode = "204", description = "The job is erased", content = @Content)
    @ApiResponse(responseCode = "202", description = "The job is erased as soon as its worker has stopped")
    @DeleteMapping("/v1/generations/{id}")
    Mono<ResponseEntity<Generation>> delete(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id) {
        return generations
                .findErasedToo(id)
                .flatMap(cancellations::erase)
                .map(job -> job.erasure() == null
                        ? ResponseEntity.accepted()
                                .cacheControl(CacheControl.noStore())
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(portrait.of(job))
                        : ResponseEntity.noContent().build());
    }

    private ResponseEntity<Generation> answer(Job job) {
        var status = job.status().terminal() ? HttpStatus.OK : HttpStatus.ACCEPTED;
        return ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .body(portrait.of(job));
    }

    private static Mono<byte[]> body(ServerHttpRequest request) {
        return DataBufferUtils.join(request.getBody(), LARGEST_BODY)
                .map(CancellationController::bytes)
                .defaultIfEmpty(new byte[0]);
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
