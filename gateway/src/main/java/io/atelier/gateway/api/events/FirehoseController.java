package io.atelier.gateway.api.events;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Streams all events, for clients that cannot reach Kafka. */
@RestController
@Tag(name = "Events", description = "The events of all jobs")
public final class FirehoseController {

    private final Firehose firehose;
    private final Duration heartbeatInterval;

    public FirehoseController(Firehose firehose, EventProperties properties) {
        this.firehose = firehose;
        this.heartbeatInterval = properties.heartbeatInterval();
    }

    @Operation(
            operationId = "streamEvents",
            summary = "Stream the events of all jobs",
            description =
                    "Server-sent events: all events of the topic atelier.events, at least once; those of one job are in order. "
                            + "The data is the JSON of the event in Kafka; the id is a position in the topic. A client that "
                            + "reconnects with Last-Event-ID receives the events after it, for as long as Kafka keeps them "
                            + "(30 days). A comment every 15 s keeps the connection open.")
    @ApiResponse(
            responseCode = "200",
            description = "The event stream",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema =
                                    @Schema(
                                            type = "string",
                                            description = "Events; the data of each is a JSON object")))
    @GetMapping(path = "/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<Flux<ServerSentEvent<String>>> events(
            @Parameter(description = "The id of the last event that the client received")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String header,
            @Parameter(description = "The same for clients that cannot set headers; the header has precedence")
                    @RequestParam(name = LastEventId.PARAMETER, required = false)
                    @Nullable
                    String parameter,
            @Parameter(
                            description = "Where to start without a last event id",
                            schema = @Schema(allowableValues = {"latest", "earliest"}))
                    @RequestParam(defaultValue = "latest")
                    String from,
            @Parameter(
                            description = "The names of the events to send, separated by commas; all if it is empty",
                            example = "generation.succeeded,generation.failed")
                    @RequestParam(required = false)
                    @Nullable
                    String types,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                // A proxy that buffers the response would delay every event.
                .header("X-Accel-Buffering", "no")
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(SseFrames.bodyOf(
                        request, stream(StreamPosition.of(header, parameter, from), StreamPosition.types(types))));
    }

    private Flux<ServerSentEvent<String>> stream(StreamPosition start, Set<String> types) {
        return Flux.defer(() -> {
            var stream = new FirehoseStream(types);
            var ended = Sinks.<Void>empty();
            var batches = firehose.read(start).doOnComplete(ended::tryEmitEmpty);
            var heartbeats = SseFrames.ticks(heartbeatInterval).takeUntilOther(ended.asMono());
            return Flux.merge(1, batches.map(FirehoseController::frames), heartbeats.map(FirehoseController::heartbeat))
                    .concatMapIterable(step -> step.apply(stream), 1);
        });
    }

    private static Function<FirehoseStream, List<ServerSentEvent<String>>> frames(EventBatch batch) {
        return stream -> stream.batch(batch);
    }

    private static Function<FirehoseStream, List<ServerSentEvent<String>>> heartbeat(long tick) {
        return FirehoseStream::heartbeat;
    }
}
