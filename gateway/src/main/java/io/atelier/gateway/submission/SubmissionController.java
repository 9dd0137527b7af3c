package io.atelier.gateway.submission;

import io.atelier.contract.job.Job;
import io.atelier.gateway.generations.Addresses;
import io.atelier.gateway.generations.Generation;
import io.atelier.gateway.generations.Patience;
import io.atelier.gateway.request.GenerationForm;
import io.atelier.gateway.request.RequestReader;
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
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Takes jobs in. */
@RestController
@Tag(name = "Generations")
final class SubmissionController {

    private static final String PREFER = "Prefer";
    private static final String RESPOND_ASYNC = "respond-async";

    private final BoundedBody body;
    private final RequestReader reader;
    private final Submission submission;
    private final Clock clock;

    SubmissionController(BoundedBody body, RequestReader reader, Submission submission, Clock clock) {
        this.body = body;
        this.reader = reader;
        this.submission = submission;
        this.clock = clock;
    }

    @Operation(
            operationId = "createGeneration",
            summary = "Ask for pictures",
            description =
                    "Answers as soon as the job cannot be lost any more, not when the pictures are there: follow Location.",
            parameters =
                    @Parameter(
                            in = ParameterIn.HEADER,
                            name = PREFER,
                            description = "respond-async, which is what happens anyway",
                            schema = @Schema(type = "string", example = RESPOND_ASYNC)),
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
                                                        value = "{\"prompt\": \"a snowman with a blue scarf\"}"),
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
                                                                        + " \"grid\": {\"layout\": \"2x2\", \"trim\": \"auto\"}}")
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
    @PostMapping(
            path = "/v1/generations",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Generation>> submit(@Parameter(hidden = true) ServerHttpRequest request) {
        boolean asked = asksForAsync(request.getHeaders());
        return body.read(request).map(reader::read).flatMap(submission::submit).map(job -> answer(job, asked));
    }

    private ResponseEntity<Generation> answer(Job job, boolean asked) {
        var wait = Patience.with(job, clock.instant());
        var answer = ResponseEntity.accepted()
                .location(URI.create(Addresses.job(job.id())))
                .header(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()))
                .cacheControl(CacheControl.noStore());
        if (asked) {
            answer.header("Preference-Applied", RESPOND_ASYNC);
        }
        return answer.body(Generation.of(job, Optional.empty()));
    }

    /** Other preferences are ignored, as RFC 7240 §2 has it. */
    private static boolean asksForAsync(HttpHeaders headers) {
        return headers.getOrEmpty(PREFER).stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .map(preference -> preference.strip().toLowerCase(Locale.ROOT))
                .anyMatch(preference -> preference.equals(RESPOND_ASYNC) || preference.startsWith(RESPOND_ASYNC + ";"));
    }
}
