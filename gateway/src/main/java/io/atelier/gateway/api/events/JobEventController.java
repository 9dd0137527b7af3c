package io.atelier.gateway.api.events;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.JobLookup;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets clients follow a job. */
@RestController
@Tag(name = "Generations")
public final class JobEventController {

    private final JobLookup generations;
    private final JobEventStreams events;

    public JobEventController(JobLookup generations, JobEventStreams events) {
        this.generations = generations;
        this.events = events;
    }

    @Operation(
            operationId = "streamGeneration",
            summary = "Follow a job",
            description =
                    "Server-sent events. The first one is a snapshot: the whole object. Then each change of state comes as an event whose id "
                            + "is the version, without gaps; 'generation.progress' comes between, has no id and is left out when there "
                            + "is too much of it. The last event has the whole object again, and the stream ends. Whoever comes back "
                            + "with Last-Event-ID hears of the versions after it, without a snapshot. A comment every 15 s "
                            + "keeps the connection alive.")
    @ApiResponse(
            responseCode = "200",
            description = "The stream; the data of an event is one of these, as JSON",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema =
                                    @Schema(
                                            oneOf = {
                                                Generation.class,
                                                JobEventStream.Change.class,
                                                JobEventStream.Progress.class
                                            })))
    @ApiResponse(
            responseCode = "204",
            description = "The job has ended and the client has heard of it; a browser stops coming back",
            content = @Content)
    @GetMapping(path = "/v1/generations/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Mono<ResponseEntity<Flux<ServerSentEvent<Object>>>> events(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(description = "The id of the last event that the client has heard")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String header,
            @Parameter(description = "The same, for clients that cannot set headers; the header counts more")
                    @RequestParam(name = LastEventId.PARAMETER, required = false)
                    @Nullable
                    String parameter) {
        var heard = LastEventId.version(header, parameter);
        return generations.find(id).map(job -> answer(job, heard));
    }

    private ResponseEntity<Flux<ServerSentEvent<Object>>> answer(Job job, OptionalInt heard) {
        if (job.status().terminal() && heard.orElse(0) >= job.version()) {
            return ResponseEntity.noContent().build();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                // A proxy that collects the answer first would hold every event back.
                .header("X-Accel-Buffering", "no")
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(events.of(job.id(), heard));
    }
}
