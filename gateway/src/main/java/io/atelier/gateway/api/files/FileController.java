package io.atelier.gateway.api.files;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.EmptyBody;
import io.atelier.gateway.files.FileProperties;
import io.atelier.gateway.files.UploadedFile;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Stores image files of clients, to be used in generations, describes them, serves them and deletes them. */
@RestController
@Tag(name = "Files", description = "Image files to use in generations")
public final class FileController {

    private static final String PATH = "/v1/files";
    private static final String JPEG_ALIAS = "image/jpg";
    private static final DataSize MAX_EMPTY_BODY = DataSize.ofKilobytes(16);
    private static final String NO_FIELDS = "A DELETE has no fields: it deletes the whole file.";

    private final DiskSpace disk;
    private final UploadReader reader;
    private final FileUploads uploads;
    private final FileLookup files;
    private final ImageResponder responder;
    private final BoundedBodyReader bodies;

    public FileController(
            DiskSpace disk,
            UploadReader reader,
            FileUploads uploads,
            FileLookup files,
            ImageResponder responder,
            FileProperties properties) {
        this.disk = disk;
        this.reader = reader;
        this.uploads = uploads;
        this.files = files;
        this.responder = responder;
        this.bodies = new BoundedBodyReader(MAX_EMPTY_BODY, properties.drain(), properties.uploadTimeout());
    }

    @Operation(
            operationId = "uploadFile",
            summary = "Upload an image file",
            description =
                    "As the part 'file' of a form, or as the whole body with the media type of the image. Metadata"
                            + " such as Exif and GPS is removed; colour profile and orientation stay. Files are kept once:"
                            + " the id is made from the bytes that are kept, so the same file gives the same id, with 200."
                            + " A file is deleted when it was not used for longer than its time to live.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schema = @Schema(implementation = FileForm.class)),
                                @Content(
                                        mediaType = MediaType.IMAGE_PNG_VALUE,
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = MediaType.IMAGE_JPEG_VALUE,
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "image/webp",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = MediaType.IMAGE_GIF_VALUE,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "201",
            description = "The file is stored",
            headers =
                    @Header(
                            name = HttpHeaders.LOCATION,
                            description = "The path of the file",
                            schema = @Schema(type = "string")),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = FileObject.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The same bytes are stored already",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = FileObject.class)))
    @PostMapping(
            path = PATH,
            consumes = {
                MediaType.MULTIPART_FORM_DATA_VALUE,
                MediaType.IMAGE_PNG_VALUE,
                MediaType.IMAGE_JPEG_VALUE,
                JPEG_ALIAS,
                "image/webp",
                MediaType.IMAGE_GIF_VALUE
            },
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<FileObject>> upload(
            @Parameter(
                            description =
                                    "How long the file is kept after each use, as a duration of ISO 8601, if it is no"
                                            + " field of a form",
                            example = "P7D")
                    @RequestParam(name = FileForm.TTL, required = false)
                    @Nullable
                    String ttl,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return Mono.defer(() -> {
            disk.requireSpace();
            return reader.read(request, FileForm.FILE, Set.of(FileForm.TTL), upload -> store(upload, ttl, request));
        });
    }

    @Operation(operationId = "getFile", summary = "Describe an uploaded file")
    @GetMapping(path = PATH + "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<FileObject>> describe(
            @Parameter(schema = @Schema(type = "string", pattern = "^" + FileId.REGEX + "$")) @PathVariable String id) {
        return files.find(id)
                .map(file ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(FileObject.of(file)));
    }

    @Operation(
            operationId = "getFileContent",
            summary = "Get an uploaded file",
            description = "The bytes that are kept, without metadata. HEAD, conditions (If-Match, If-None-Match,"
                    + " If-Modified-Since, If-Unmodified-Since) and single ranges (Range, If-Range) work as in RFC"
                    + " 9110.")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            headers = {
                @Header(name = HttpHeaders.ETAG, schema = @Schema(type = "string")),
                @Header(
                        name = "Content-Digest",
                        description = "SHA-256 of the bytes (RFC 9530)",
                        schema = @Schema(type = "string"))
            },
            content = @Content(mediaType = "image/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "206",
            description = "The part of the file that Range names",
            content = @Content(mediaType = "image/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "304", description = "The client has this file already", content = @Content)
    @GetMapping(PATH + "/{id}/content")
    Mono<Void> content(
            @Parameter(schema = @Schema(type = "string", pattern = "^" + FileId.REGEX + "$")) @PathVariable String id,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        boolean isUse = HttpMethod.GET.equals(exchange.getRequest().getMethod());
        return (isUse ? files.use(id) : files.find(id))
                .flatMap(file -> responder.send(
                        exchange,
                        file.image(),
                        file.createdAt(),
                        "inline; filename=\"%s\"".formatted(fileName(file)),
                        () -> FileLookup.gone(id, false)));
    }

    @Operation(
            operationId = "deleteFile",
            summary = "Delete an uploaded file",
            description = "Later requests for it get 410. Idempotent. Generations that wait for it fail.")
    @ApiResponse(responseCode = "204", description = "The file is deleted", content = @Content)
    @DeleteMapping(PATH + "/{id}")
    Mono<ResponseEntity<Void>> delete(
            @Parameter(schema = @Schema(type = "string", pattern = "^" + FileId.REGEX + "$")) @PathVariable String id,
            @Parameter(hidden = true) ServerHttpRequest request) {
        return bodies.read(request)
                .doOnNext(body -> EmptyBody.require(body, NO_FIELDS))
                .then(Mono.defer(() -> files.delete(id)))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private Mono<ResponseEntity<FileObject>> store(
            Upload upload, @Nullable String parameter, ServerHttpRequest request) {
        var field = upload.field(FileForm.TTL);
        if (field.isPresent() && parameter != null) {
            throw refused(FieldError.inParameter(
                    FileForm.TTL, "Sets the same as the field ttl of the form. Send one of the two."));
        }
        var ttl = uploads.ttl(field.orElse(parameter)).orElseThrow(() -> {
            var detail = uploads.allowedTtl();
            var error = field.isPresent()
                    ? FieldError.inBody("/" + FileForm.TTL, detail)
                    : FieldError.inParameter(FileForm.TTL, detail);
            return refused(error);
        });
        return uploads.store(upload, ttl).map(stored -> {
            var file = FileObject.of(stored.file());
            var path = ApiPaths.of(request).base() + PATH + "/" + file.id();
            return ResponseEntity.status(stored.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                    .header(HttpHeaders.LOCATION, path)
                    .cacheControl(CacheControl.noStore())
                    .body(file);
        });
    }

    private static Problem refused(FieldError error) {
        return new Problem(ProblemKind.VALIDATION_FAILED, error.place() + ": " + error.detail()).errors(List.of(error));
    }

    private static String fileName(UploadedFile file) {
        var type = file.mediaType();
        return file.id() + "." + (type.equals(MediaType.IMAGE_JPEG_VALUE) ? "jpg" : type.substring("image/".length()));
    }
}
