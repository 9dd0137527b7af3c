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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Lets clients that cannot reach Kafka hear of everything. */
@RestController
@Tag(name = "Events", description = "Hear of everything that happens")
public final class FirehoseController {

    private final Firehose firehose;
    private final Duration heartbeat;

    public FirehoseController(Firehose firehose, EventProperties properties) {
        this.firehose = firehose;
        this.heartbeat = properties.heartbeatInterval();
    }

    @Operation(
            operationId = "streamEvents",
            summary = "Follow all jobs",
            description =
                    "Server-sent events: all events of the topic atelier.events, in the order in which each job had them, at least once. "
                            + "The data is the JSON of the event as it lies in Kafka; the id is a place in the topic. Whoever comes "
                            + "back with Last-Event-ID hears of what came after it, for as long as Kafka keeps that (30 days). "
                            + "A comment every 15 s keeps the connection alive.")
    @ApiResponse(
            responseCode = "200",
            description = "The stream",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema =
                                    @Schema(
                                            type = "string",
                                            description = "Events; the data of each is a JSON object")))
    @GetMapping(path = "/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<Flux<ServerSentEvent<String>>> events(
            @Parameter(description = "The id of the last event that the client has heard")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String header,
            @Parameter(description = "The same, for clients that cannot set headers; the header counts more")
                    @RequestParam(name = LastEventId.PARAMETER, required = false)
                    @Nullable
                    String parameter,
            @Parameter(
                            description = "Where to begin without a last event",
                            schema = @Schema(allowableValues = {"latest", "earliest"}))
                    @RequestParam(defaultValue = "latest")
                    String from,
            @Parameter(
                            description = "The events to hear of, parted by commas; all if there are none",
                            example = "generation.succeeded,generation.failed")
                    @RequestParam(required = false)
                    @Nullable
                    String types) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                // A proxy that collects the answer first would hold every event back.
                .header("X-Accel-Buffering", "no")
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(stream(StreamPosition.of(header, parameter, from), StreamPosition.types(types)));
    }

    private Flux<ServerSentEvent<String>> stream(StreamPosition start, Set<String> types) {
        return Flux.defer(() -> {
            var stream = new FirehoseStream(types);
            var ended = Sinks.<Void>empty();
            var batches = firehose.read(start).doOnComplete(ended::tryEmitEmpty);
            var beats = SseFrames.ticks(heartbeat).takeUntilOther(ended.asMono());
            return Flux.merge(1, batches.map(FirehoseController::told), beats.map(FirehoseController::beat))
                    .concatMapIterable(part -> part.apply(stream), 1);
        });
    }

    private static Function<FirehoseStream, List<ServerSentEvent<String>>> told(EventBatch batch) {
        return stream -> stream.batch(batch);
    }

    private static Function<FirehoseStream, List<ServerSentEvent<String>>> beat(long tick) {
        return FirehoseStream::heartbeat;
    }
}
