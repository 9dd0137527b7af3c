package io.atelier.gateway.api.events;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams the events of one job. */
@RestController
@Tag(name = "Generations")
public final class JobEventController {

    private final JobLookup lookup;
    private final JobEventStreams events;

    public JobEventController(JobLookup lookup, JobEventStreams events) {
        this.lookup = lookup;
        this.events = events;
    }

    @Operation(
            operationId = "streamGeneration",
            summary = "Stream the events of a generation",
            description =
                    "Server-sent events. The first one is a snapshot: the whole object. Each change of state follows as an event whose id "
                            + "is the version, without gaps; 'generation.progress' events in between have no id and are left out "
                            + "when there are too many. With previews=true, 'generation.preview' events in between show unfinished images, at most "
                            + "two a second, if the worker can make them; they have no id and are not repeated. The last event has the whole object again, and the stream ends. A client "
                            + "that reconnects with Last-Event-ID receives the versions after it, without a snapshot. A comment "
                            + "every 15 s keeps the connection open.")
    @ApiResponse(
            responseCode = "200",
            description = "The event stream; the data of an event is one of these, as JSON",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema =
                                    @Schema(
                                            oneOf = {
                                                Generation.class,
                                                JobEventStream.Change.class,
                                                JobEventStream.Progress.class,
                                                JobEventStream.Preview.class
                                            })))
    @ApiResponse(
            responseCode = "204",
            description =
                    "The generation has ended and the client received its last event; a browser does not reconnect",
            content = @Content)
    @GetMapping(path = "/v1/generations/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Mono<ResponseEntity<Flux<ServerSentEvent<String>>>> events(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(description = "The id of the last event that the client received")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String header,
            @Parameter(description = "The same for clients that cannot set headers; the header has precedence")
                    @RequestParam(name = LastEventId.PARAMETER, required = false)
                    @Nullable
                    String parameter,
            @Parameter(
                            description = "true adds small images of what is being generated",
                            schema = @Schema(allowableValues = {"false", "true"}))
                    @RequestParam(defaultValue = "false")
                    String previews,
            @Parameter(hidden = true) ServerHttpRequest request) {
        var lastVersion = LastEventId.version(header, parameter);
        boolean hasPreviews = hasPreviews(previews);
        return lookup.find(id).map(job -> response(job, lastVersion, hasPreviews, request));
    }

    private static boolean hasPreviews(String previews) {
        if (!previews.equals("true") && !previews.equals("false")) {
            var detail = "Must be one of false, true.";
            throw new Problem(ProblemKind.VALIDATION_FAILED, "The query parameter 'previews': " + detail)
                    .errors(List.of(FieldError.inParameter("previews", detail)));
        }
        return previews.equals("true");
    }

    private ResponseEntity<Flux<ServerSentEvent<String>>> response(
            Job job, OptionalInt lastVersion, boolean hasPreviews, ServerHttpRequest request) {
        if (job.status().terminal() && lastVersion.orElse(0) >= job.version()) {
            return ResponseEntity.noContent().build();
        }
        var paths = ApiPaths.of(request);
        var stream = hasPreviews && !job.status().terminal()
                ? events.withPreviews(job.id(), lastVersion, paths)
                : events.of(job.id(), lastVersion, paths);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                // A proxy that buffers the response would delay every event.
                .header("X-Accel-Buffering", "no")
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(SseFrames.bodyOf(request, stream));
    }
}
