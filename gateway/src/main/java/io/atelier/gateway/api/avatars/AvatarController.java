package io.atelier.gateway.api.avatars;

import io.atelier.gateway.api.request.AvatarForm;
import io.atelier.gateway.api.request.AvatarRequestReader;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.submission.AcceptedResponse;
import io.atelier.gateway.api.submission.CancelAfter;
import io.atelier.gateway.api.submission.CancelAfterParameter;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.IdempotencyKeyParameter;
import io.atelier.gateway.api.submission.PreferParameter;
import io.atelier.gateway.api.submission.StreamableResponse;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates avatars. */
@RestController
@Tag(name = AvatarController.TAG, description = "Make images of one person, in steps that can be asked for alone")
public final class AvatarController {

    public static final String TAG = "Avatars";
    static final String PATH = "/v1/avatars";

    private final BoundedBodyReader bodies;
    private final AvatarRequestReader reader;
    private final AvatarSubmissions submissions;
    private final Clock clock;

    public AvatarController(
            BoundedBodyReader bodies, AvatarRequestReader reader, AvatarSubmissions submissions, Clock clock) {
        this.bodies = bodies;
        this.reader = reader;
        this.submissions = submissions;
        this.clock = clock;
    }

    @Operation(
            operationId = "createAvatar",
            summary = "Create images of one person",
            description =
                    "Creates a job that writes a prompt from the person and makes a base image, both at the same time; then makes"
                            + " grids by edits of the base image, cuts them, and publishes the images when all of them are stored. The job is a"
                            + " generation: it is shown, streamed, canceled, retried and erased like any other. Its base image and grids can be"
                            + " fetched before it has ended.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AvatarForm.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "Four images",
                                                            value = AvatarController.EXAMPLE))))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing job; with another body it is refused.")
    @CancelAfterParameter
    @AcceptedResponse(
            description = "The job is accepted",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "The path of the job",
                        schema = @Schema(type = "string")),
                @Header(
                        name = HttpHeaders.RETRY_AFTER,
                        description = "Seconds after which to ask for the job",
                        schema = @Schema(type = "integer"))
            })
    @StreamableResponse(description = "The job has ended within the wait, or its events are streamed")
    @PostMapping(
            path = PATH,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> create(@Parameter(hidden = true) ServerWebExchange exchange) {
        var cancelAfter = CancelAfter.of(exchange.getRequest());
        return bodies.read(exchange.getRequest())
                .flatMap(body ->
                        submissions.respond(exchange, "POST " + PATH, reader.read(body, cancelAfter, clock.instant())));
    }

    static final String EXAMPLE =
            "{\"persona\": {\"id\": \"42\", \"firstname\": \"Ada\", \"lastname\": \"Example\", \"gender\": \"f\","
                    + " \"bio_facebook\": \"A carpenter who restores old boats\", \"bio_instagram\": \"\", \"bio_x\": \"\","
                    + " \"bio_tiktok\": \"\"}, \"images\": 4}";
}
