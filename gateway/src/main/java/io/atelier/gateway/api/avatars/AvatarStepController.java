package io.atelier.gateway.api.avatars;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.FormParts;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.files.UploadedForm;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.request.AvatarBaseForm;
import io.atelier.gateway.api.request.AvatarGridForm;
import io.atelier.gateway.api.request.AvatarGridUpload;
import io.atelier.gateway.api.request.AvatarPromptForm;
import io.atelier.gateway.api.request.AvatarPublishForm;
import io.atelier.gateway.api.request.AvatarStepReader;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.AcceptedResponse;
import io.atelier.gateway.api.submission.CancelAfter;
import io.atelier.gateway.api.submission.CancelAfterParameter;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.IdempotencyKeyParameter;
import io.atelier.gateway.api.submission.NegotiatedResponse;
import io.atelier.gateway.api.submission.PreferParameter;
import io.atelier.gateway.api.submission.StreamableResponse;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates jobs that do one step of an avatar alone. */
@RestController
@Tag(name = AvatarController.TAG)
public final class AvatarStepController {

    private static final String POST = "POST ";
    private static final String PROMPT = AvatarController.PATH + "/prompt";
    private static final String BASE = AvatarController.PATH + "/base";
    private static final String GRID = AvatarController.PATH + "/grid";
    private static final String PUBLISH = AvatarController.PATH + "/publish";
    private static final String KEY = "Your own name for this request, " + IdempotencyKey.ALLOWED
            + ". The same key with the same body returns the existing job; with another body it is refused.";
    private static final String ACCEPTED = "The job is accepted";
    private static final String ENDED = "The job has ended within the wait, or its events are streamed";
    private static final FormParts GRID_PARTS =
            new FormParts(Map.of(AvatarGridUpload.BASE, 1), AvatarGridUpload.FIELDS, false);

    /** Stands for a file that is not stored yet. */
    private static final FileId NO_FILE = FileId.ofSha256("0".repeat(64));

    private final BoundedBodyReader bodies;
    private final AvatarStepReader reader;
    private final AvatarSubmissions submissions;
    private final UploadReader uploads;
    private final FileUploads files;
    private final DiskSpace disk;
    private final Clock clock;

    public AvatarStepController(
            BoundedBodyReader bodies,
            AvatarStepReader reader,
            AvatarSubmissions submissions,
            UploadReader uploads,
            FileUploads files,
            DiskSpace disk,
            Clock clock) {
        this.bodies = bodies;
        this.reader = reader;
        this.submissions = submissions;
        this.uploads = uploads;
        this.files = files;
        this.disk = disk;
        this.clock = clock;
    }

    @Operation(
            operationId = "createAvatarPrompt",
            summary = "Write the prompt of an avatar",
            description =
                    "Creates a job that writes the prompt from which grids of a person are made, and makes no image. The text is at"
                            + " /v1/generations/{id}/prompts/0.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AvatarPromptForm.class))))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(description = KEY)
    @CancelAfterParameter
    @AcceptedResponse(description = ACCEPTED)
    @StreamableResponse(description = ENDED)
    @PostMapping(
            path = PROMPT,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> prompt(@Parameter(hidden = true) ServerWebExchange exchange) {
        return respond(exchange, PROMPT, reader::prompt);
    }

    @Operation(
            operationId = "createAvatarBase",
            summary = "Make the base image of an avatar",
            description =
                    "Creates a job that makes the image of a person that grids show again. It is image 0 of the job.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AvatarBaseForm.class))))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(description = KEY)
    @CancelAfterParameter
    @AcceptedResponse(description = ACCEPTED)
    @NegotiatedResponse(description = ENDED)
    @PostMapping(
            path = BASE,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.IMAGE_PNG_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> base(@Parameter(hidden = true) ServerWebExchange exchange) {
        return respond(exchange, BASE, reader::base);
    }

    @Operation(
            operationId = "createAvatarGrid",
            summary = "Make a grid from a base image",
            description =
                    "Creates a job that makes one grid by an edit of a base image: of a generation, an uploaded file, or the part"
                            + " 'base' of a form, which is then kept as a file. It is image 0 of the job, uncut; to cut it, POST it to /v1/grids/split.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                // First, because openapi-generator makes no class of a form that is not.
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schema = @Schema(implementation = AvatarGridUpload.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = AvatarGridForm.class),
                                        examples =
                                                @ExampleObject(
                                                        name = "From the base image of an avatar",
                                                        value = "{\"base\": {\"generation\": {\"id\":"
                                                                + " \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\"}},"
                                                                + " \"prompt\": \"four views of the same person\"}"))
                            }))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(description = KEY)
    @CancelAfterParameter
    @AcceptedResponse(description = ACCEPTED)
    @NegotiatedResponse(description = ENDED)
    @PostMapping(
            path = GRID,
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.MULTIPART_FORM_DATA_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.IMAGE_PNG_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> grid(@Parameter(hidden = true) ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var type = request.getHeaders().getContentType();
        if (type == null || !MediaType.MULTIPART_FORM_DATA.equalsTypeAndSubtype(type)) {
            return respond(exchange, GRID, reader::grid);
        }
        return form(request).flatMap(parsed -> submissions.respond(exchange, POST + GRID, parsed));
    }

    @Operation(
            operationId = "publishAvatarImages",
            summary = "Publish stored images",
            description =
                    "Creates a job that copies images to keys that can be foreseen, such as avatars/42/img_0.png. It makes no image,"
                            + " and erasing it removes the copies.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AvatarPublishForm.class))))
    @PreferParameter(description = PreferParameter.WAIT + "the job")
    @IdempotencyKeyParameter(description = KEY)
    @CancelAfterParameter
    @AcceptedResponse(description = ACCEPTED)
    @StreamableResponse(description = ENDED)
    @PostMapping(
            path = PUBLISH,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    Mono<ResponseEntity<?>> publish(@Parameter(hidden = true) ServerWebExchange exchange) {
        return respond(exchange, PUBLISH, reader::publish);
    }

    /** Reads the request of a step in JSON. */
    private interface StepReading {

        ParsedRequest read(byte[] body, @Nullable String cancelAfter, Instant now);
    }

    private Mono<ResponseEntity<?>> respond(ServerWebExchange exchange, String path, StepReading reading) {
        var cancelAfter = CancelAfter.of(exchange.getRequest());
        return bodies.read(exchange.getRequest())
                .flatMap(body ->
                        submissions.respond(exchange, POST + path, reading.read(body, cancelAfter, clock.instant())));
    }

    /** The request of a form, whose image is stored as a file if the other fields are valid. */
    private Mono<ParsedRequest> form(ServerHttpRequest request) {
        var cancelAfter = CancelAfter.of(request);
        return Mono.defer(() -> {
            disk.requireSpace();
            return uploads.readForm(request, GRID_PARTS, form -> stored(form, cancelAfter));
        });
    }

    private Mono<ParsedRequest> stored(UploadedForm form, @Nullable String cancelAfter) {
        var now = clock.instant();
        var file = form.files().isEmpty() ? null : NO_FILE;
        var checked = reader.grid(AvatarGridUpload.json(form.fields(), file), cancelAfter, now);
        return form.files().isEmpty()
                ? Mono.just(checked)
                : files.keep(form.files().get(0))
                        .map(kept -> reader.grid(AvatarGridUpload.json(form.fields(), kept), cancelAfter, now));
    }
}
