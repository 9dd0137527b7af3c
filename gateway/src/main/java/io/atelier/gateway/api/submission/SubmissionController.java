package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.request.GenerationForm;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.ParsedRequest;
import io.atelier.gateway.api.request.PreferHeader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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

/** Takes jobs in. */
@RestController
@Tag(name = "Generations")
public final class SubmissionController {

    private static final String PATH = "/v1/generations";
    private static final String CANCEL_AFTER = "Cancel-After";

    private final BoundedBodyReader body;
    private final GenerationRequestReader reader;
    private final JobSubmissionService submission;
    private final ResponseNegotiator answers;
    private final Clock clock;

    public SubmissionController(
            BoundedBodyReader body,
            GenerationRequestReader reader,
            JobSubmissionService submission,
            ResponseNegotiator answers,
            Clock clock) {
        this.body = body;
        this.reader = reader;
        this.submission = submission;
        this.answers = answers;
        this.clock = clock;
    }

    @Operation(
            operationId = "createGeneration",
            summary = "Ask for pictures",
            description =
                    "Answers as soon as the job cannot be lost any more, not when the pictures are there: follow Location. With "
                            + "'Prefer: wait=30' the answer waits for the end and is 200 with the job, also if it failed; it is 202 "
                            + "if the time is over before. 'Accept: image/png' with such a wait answers with the picture itself, if one "
                            + "is asked for, and with a problem if it could not be made; when the time is over, with 202 and JSON. "
                            + "'Accept: text/event-stream' streams what happens to the job.",
            parameters = {
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = PreferHeader.HEADER,
                        description =
                                "wait=N: wait up to so many seconds, 1 to 60, for the end of the job. respond-async: do not, "
                                        + "which is what happens anyway",
                        schema = @Schema(type = "string", example = "wait=30")),
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = IdempotencyKey.HEADER,
                        description =
                                "Your own name for this request, 1 to 255 printable ASCII characters. The same key with the "
                                        + "same body joins the job that is there, for as long as the job is kept; with another "
                                        + "body it is refused.",
                        schema = @Schema(type = "string", example = "7e3c1d0a-order-77")),
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = CANCEL_AFTER,
                        description = "The same as deadline.complete_by, in seconds",
                        schema = @Schema(type = "string", example = "90s"))
            },
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = GenerationForm.class),
                                            examples = {
                                                @ExampleObject(
                                                        name = "A prompt is enough",
                                                        value = "{\"prompt\": \"a castle\"}"),
                                                @ExampleObject(
                                                        name = "Everything named",
                                                        value =
                                                                "{\"prompt\": \"a red car\", \"model\": \"pocket\", \"n\": 2,"
                                                                        + " \"size\": \"512x512\", \"steps\": 25,"
                                                                        + " \"guidance_scale\": 2.5, \"seed\": 7,"
                                                                        + " \"labels\": {\"campaign\": \"q4\"},"
                                                                        + " \"client_ref\": \"order-77\"}"),
                                                @ExampleObject(
                                                        name = "Cut into four tiles",
                                                        value =
                                                                "{\"prompt\": \"four icons\","
                                                                        + " \"grid\": {\"layout\": \"2x2\", \"trim\": \"auto\"}}"),
                                                @ExampleObject(
                                                        name = "A picture changed",
                                                        value =
                                                                "{\"prompt\": \"the same in blue\", \"model\": \"gpt-image-1.5\","
                                                                        + " \"images\": [{\"generation\":"
                                                                        + " {\"id\": \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\", \"index\": 0}}]}")
                                            })))
    @ApiResponse(
            responseCode = "202",
            description = "The job is accepted",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "Where the job is",
                        schema = @Schema(type = "string")),
                @Header(
                        name = HttpHeaders.RETRY_AFTER,
                        description = "Seconds after which to ask for it",
                        schema = @Schema(type = "integer"))
            },
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Generation.class)))
    @ApiResponse(
            responseCode = "200",
            description = "It has ended within the wait, or is streamed",
            headers =
                    @Header(
                            name = "Content-Location",
                            description = "Where what is answered with can be found",
                            schema = @Schema(type = "string")),
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = Generation.class)),
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary")),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(type = "string", description = "As of /v1/generations/{id}/events"))
            })
    @PostMapping(
            path = PATH,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.IMAGE_PNG_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> submit(@Parameter(hidden = true) ServerWebExchange exchange) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        return asked(exchange.getRequest())
                .flatMap(asked -> answers.answer(
                        exchange,
                        asked,
                        key.isEmpty()
                                ? submission.submit(asked.request()).map(job -> new AcceptedJob(job, false))
                                : submission.submit(key.get().job("POST " + PATH), asked, IdempotencyConflict.BY_KEY)));
    }

    @Operation(
            operationId = "putGeneration",
            summary = "Ask for pictures under an id of your own",
            description =
                    "Like a POST, but the job has the id that you give: a UUID of any version, or 'gen_' and 26 characters. Repeating "
                            + "the request joins the job that is there; another body under the same id is refused with 409.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = GenerationForm.class))))
    @ApiResponse(responseCode = "202", description = "The job is accepted, and has not ended yet")
    @ApiResponse(responseCode = "200", description = "The job was accepted before, and has ended")
    @PutMapping(
            path = PATH + "/{id}",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.IMAGE_PNG_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> put(
            @Parameter(
                            example = "320c3d4d-cc00-4d5b-8ec9-32d5f69181c0",
                            schema = @Schema(type = "string", pattern = ClientSuppliedId.FORM))
                    @PathVariable
                    String id,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var job = ClientSuppliedId.read(id);
        return asked(exchange.getRequest())
                .flatMap(asked ->
                        answers.answer(exchange, asked, submission.submit(job, asked, IdempotencyConflict.BY_ID)));
    }

    private Mono<ParsedRequest> asked(ServerHttpRequest request) {
        var cancelAfter = request.getHeaders().getFirst(CANCEL_AFTER);
        return body.read(request).map(bytes -> reader.read(bytes, cancelAfter, clock.instant()));
    }
}
