package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.direct.SubmissionFailure;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.GenerationForm;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
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
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates jobs: negotiates the response, submits the request, renders the response. */
@RestController
@Tag(name = "Generations")
public final class SubmissionController {

    private static final String PATH = "/v1/generations";

    private final BoundedBodyReader bodies;
    private final GenerationRequestReader reader;
    private final JobSubmissionService submissions;
    private final ResponseNegotiator responses;
    private final Clock clock;

    public SubmissionController(
            BoundedBodyReader bodies,
            GenerationRequestReader reader,
            JobSubmissionService submissions,
            ResponseNegotiator responses,
            Clock clock) {
        this.bodies = bodies;
        this.reader = reader;
        this.submissions = submissions;
        this.responses = responses;
        this.clock = clock;
    }

    @Operation(
            operationId = "createGeneration",
            summary = "Create a generation",
            description =
                    "Responds as soon as the job is stored durably, before the images are generated: follow Location."
                            + " With 'Prefer: wait=30' the response waits for the end of the job and is 200 with the job,"
                            + " also if it failed; it is 202 if the wait ends first. 'Accept: image/png' (or image/jpeg, if this is output.format) with such a wait"
                            + " returns the image itself, for a request for one image, or a problem if it could not be"
                            + " generated; it is 202 with JSON if the wait ends first. 'Accept: text/event-stream' streams"
                            + " the events of the job.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = GenerationForm.class),
                                            examples = {
                                                @ExampleObject(
                                                        name = "Prompt only",
                                                        value = "{\"prompt\": \"a castle\"}"),
                                                @ExampleObject(
                                                        name = "Many fields",
                                                        value = "{\"prompt\": \"a red car\", \"model\": \"pocket\","
                                                                + " \"n\": 2, \"size\": \"512x512\", \"steps\":"
                                                                + " 25, \"guidance_scale\": 2.5, \"seed\": 7,"
                                                                + " \"labels\": {\"campaign\": \"q4\"},"
                                                                + " \"client_ref\": \"order-77\"}"),
                                                @ExampleObject(
                                                        name = "Cut into four tiles",
                                                        value = "{\"prompt\": \"four icons\", \"grid\": {\"layout\":"
                                                                + " \"2x2\", \"trim\": \"auto\"}}")
                                            })))
    @PreferParameter(
            description =
                    PreferParameter.WAIT + "the job; without =N, 60. respond-async: do not wait, which is the default",
            schema = @Schema(type = "string", example = "wait=30"))
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing job, for as long as the job is kept;"
                    + " with another body it is refused.",
            schema = @Schema(type = "string", example = "7e3c1d0a-order-77"))
    @CancelAfterParameter(schema = @Schema(type = "string", example = "90s"))
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
    @NegotiatedResponse(
            description = "The job has ended within the wait, or its events are streamed",
            headers =
                    @Header(
                            name = "Content-Location",
                            description = "The path of what the response contains",
                            schema = @Schema(type = "string")))
    @PostMapping(
            path = PATH,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.IMAGE_PNG_VALUE,
                MediaType.IMAGE_JPEG_VALUE,
                MediaType.TEXT_EVENT_STREAM_VALUE
            })
    Mono<ResponseEntity<?>> create(@Parameter(hidden = true) ServerWebExchange exchange) {
        return SubmissionFailure.of(exchange.getRequest())
                .<Mono<ResponseEntity<?>>>map(Mono::error)
                .orElseGet(() -> accept(exchange));
    }

    private Mono<ResponseEntity<?>> accept(ServerWebExchange exchange) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        return parse(exchange.getRequest()).flatMap(request -> {
            var preference = responses.negotiate(exchange, request);
            var submission = key.map(given -> submissions.submit(given.jobId("POST " + PATH), request, given::conflict))
                    .orElseGet(() -> submissions.submit(request));
            return responses.render(exchange, preference, submission);
        });
    }

    @Operation(
            operationId = "putGeneration",
            summary = "Create a generation with a client-supplied id",
            description = "Like POST, but the client chooses the job's id: a UUID of any version, or 'gen_' and 26"
                    + " characters. Repeating the request returns the existing job; another body with the same id"
                    + " is refused with 409.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = GenerationForm.class))))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @CancelAfterParameter
    @AcceptedResponse(description = "The job is accepted and has not ended")
    @NegotiatedResponse(description = "The job has ended, or its events are streamed")
    @PutMapping(
            path = PATH + "/{id}",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.IMAGE_PNG_VALUE,
                MediaType.IMAGE_JPEG_VALUE,
                MediaType.TEXT_EVENT_STREAM_VALUE
            })
    Mono<ResponseEntity<?>> put(
            @Parameter(
                            example = "320c3d4d-cc00-4d5b-8ec9-32d5f69181c0",
                            schema = @Schema(type = "string", pattern = ClientSuppliedId.REGEX))
                    @PathVariable
                    String id,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var job = ClientSuppliedId.read(id);
        return parse(exchange.getRequest()).flatMap(request -> {
            var preference = responses.negotiate(exchange, request);
            var submission = submissions.submit(job, request, ClientSuppliedId::conflict);
            return responses.render(exchange, preference, submission);
        });
    }

    private Mono<ParsedRequest> parse(ServerHttpRequest request) {
        var cancelAfter = CancelAfter.of(request);
        return bodies.read(request).map(bytes -> reader.read(bytes, cancelAfter, clock.instant()));
    }
}
