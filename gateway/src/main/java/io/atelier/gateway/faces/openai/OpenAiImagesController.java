package io.atelier.gateway.faces.openai;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.submission.AcceptedResponse;
import io.atelier.gateway.api.submission.IdempotencyKeyParameter;
import io.atelier.gateway.api.submission.PreferParameter;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.faces.openai.OpenAiRequestReader.Reading;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.JobFailures;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The images API of OpenAI: responds when the images are there, and with 202 only if the client asks for it, because OpenAI's client libraries take
 * a 202 for a response without images.
 */
@RestController
@Tag(name = "OpenAI", description = "The images API of OpenAI")
public final class OpenAiImagesController {

    private static final String GENERATIONS = "/v1/images/generations";
    private static final String EDITS = "/v1/images/edits";

    private static final String KEY =
            "Your own name for this request: a repetition with the same key and body finds its generation.";

    /** How often the client library has sent the request before. */
    private static final String RETRY_COUNT = "x-stainless-retry-count";

    /** The client library's timeout in seconds. */
    private static final String READ_TIMEOUT = "x-stainless-read-timeout";

    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,3}");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,6})(\\.\\d+)?");
    private static final Duration CLIENT_MARGIN = Duration.ofSeconds(5);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private static final String ASYNC =
            "respond-async: respond with 202 and the generation at once, without the images";
    private static final String ACCEPTED = "With 'Prefer: respond-async': the generation is accepted";

    private final OpenAiRequestReader requests;
    private final FaceSubmissions submissions;
    private final ResponseNegotiator responses;
    private final OpenAiImagesWriter writer;
    private final OpenAiImageStream streams;
    private final Duration waitTimeout;

    /** @param waitTimeout how long a request waits that is no stream, unless the client waits for a shorter time */
    OpenAiImagesController(
            OpenAiRequestReader requests,
            FaceSubmissions submissions,
            ResponseNegotiator responses,
            OpenAiImagesWriter writer,
            OpenAiImageStream streams,
            Duration waitTimeout) {
        this.requests = requests;
        this.submissions = submissions;
        this.responses = responses;
        this.writer = writer;
        this.streams = streams;
        this.waitTimeout = waitTimeout;
    }

    @Operation(
            operationId = "createImage",
            summary = "Generate images, in the form of OpenAI's API",
            description =
                    "Responds when the images are there. After the wait (55 s by default) it is 504 with retry-after-ms; the job goes on,"
                            + " and the same request finds it: with the same Idempotency-Key, or with x-stainless-retry-count"
                            + " as OpenAI's client libraries send it. With 'Prefer: respond-async' it is 202 with the generation."
                            + " Fields of POST /v1/generations are taken too; other unknown ones are ignored with a warning.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = OpenAiGenerationForm.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "Prompt only",
                                                            value = "{\"prompt\": \"a castle\"}"))))
    @ApiResponse(
            responseCode = "200",
            description = "The images, or the stream of their events",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = OpenAiImagesDocument.class)),
                @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string"))
            })
    @AcceptedResponse(
            description = ACCEPTED,
            headers =
                    @Header(
                            name = HttpHeaders.LOCATION,
                            description = "The path of the generation",
                            schema = @Schema(type = "string")))
    @PreferParameter(description = ASYNC)
    @IdempotencyKeyParameter(description = KEY)
    @PostMapping(path = GENERATIONS, consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<?>> generate(@Parameter(hidden = true) ServerWebExchange exchange) {
        return requests.read(exchange.getRequest(), false)
                .flatMap(reading -> respond(exchange, "POST " + GENERATIONS, reading, "image_generation.completed"));
    }

    @Operation(
            operationId = "editImages",
            summary = "Change images, in the form of OpenAI's API",
            description =
                    "As a form with one or more parts 'image' or 'image[]' and a part 'mask', or as JSON with 'images'."
                            + " Otherwise like POST /v1/images/generations.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schema = @Schema(implementation = OpenAiEditForm.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = OpenAiGenerationForm.class))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "The images, or the stream of their events",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = OpenAiImagesDocument.class)),
                @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string"))
            })
    @AcceptedResponse(
            description = ACCEPTED,
            headers =
                    @Header(
                            name = HttpHeaders.LOCATION,
                            description = "The path of the generation",
                            schema = @Schema(type = "string")))
    @PreferParameter(description = ASYNC)
    @IdempotencyKeyParameter(description = KEY)
    @PostMapping(
            path = EDITS,
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.MULTIPART_FORM_DATA_VALUE})
    Mono<ResponseEntity<?>> edit(@Parameter(hidden = true) ServerWebExchange exchange) {
        return requests.readEdit(exchange.getRequest())
                .flatMap(reading -> respond(exchange, "POST " + EDITS, reading, "image_edit.completed"));
    }

    /** Empty, because the response is written to the exchange, unless the client does not want to wait. */
    private Mono<ResponseEntity<?>> respond(
            ServerWebExchange exchange, String operation, Reading reading, String event) {
        var request = reading.request();
        var headers = exchange.getRequest().getHeaders();
        var submission = submissions
                .submit(operation, reading.parsed(), headers, isRepeated(headers))
                .onErrorMap(Problem.class, request::translated);
        if (PreferHeader.of(headers).respondAsync()) {
            return responses.renderAccepted(
                    exchange,
                    submission.doOnNext(accepted -> exchange.getResponse()
                            .getHeaders()
                            .set(
                                    FaceSubmissions.GENERATION_ID,
                                    accepted.job().id().value())));
        }
        var written = request.isStreamed()
                ? submissions.respondAtOnce(
                        submission,
                        reading.parsed().isCanceledOnDisconnect(),
                        job -> streams.write(exchange, job, request, event))
                : submissions.respond(
                        submission,
                        wait(headers),
                        reading.parsed().isCanceledOnDisconnect(),
                        job -> write(exchange, job, request));
        return written.then(Mono.empty());
    }

    private Mono<Void> write(ServerWebExchange exchange, Job job, OpenAiRequest request) {
        return Mono.defer(() -> {
            JobFailures.requireImages(job);
            return writer.write(exchange, job, request);
        });
    }

    private static boolean isRepeated(HttpHeaders headers) {
        return COUNT.matcher(String.valueOf(headers.getFirst(RETRY_COUNT))).matches();
    }

    /** The wait, which ends before the client library gives up. */
    private Duration wait(HttpHeaders headers) {
        return Optional.ofNullable(headers.getFirst(READ_TIMEOUT))
                .map(SECONDS::matcher)
                .filter(seconds -> seconds.matches())
                .map(seconds ->
                        Duration.ofSeconds(Long.parseLong(seconds.group(1))).minus(CLIENT_MARGIN))
                .map(limit -> limit.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : limit)
                .filter(limit -> limit.compareTo(waitTimeout) < 0)
                .orElse(waitTimeout);
    }
}
