package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.cache.CacheableResponse;
import io.atelier.gateway.api.derivatives.DerivativeForm;
import io.atelier.gateway.api.derivatives.Derivatives;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.request.ValidationErrors;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Serves the images of generations. */
@RestController
@Tag(name = "Generations")
public final class ImageController {

    private static final String REDIRECT = "redirect";

    private final JobLookup lookup;
    private final ImageResponder responder;
    private final Derivatives derivatives;
    private final ConsumedImages consumed;
    private final ObjectStore store;
    private final Duration linkTtl;
    private final Clock clock;

    public ImageController(
            JobLookup lookup,
            ImageResponder responder,
            Derivatives derivatives,
            ConsumedImages consumed,
            ObjectStore store,
            ImageProperties properties,
            Clock clock) {
        this.lookup = lookup;
        this.responder = responder;
        this.derivatives = derivatives;
        this.consumed = consumed;
        this.store = store;
        this.linkTtl = properties.linkTtl();
        this.clock = clock;
    }

    @Operation(
            operationId = "getImage",
            summary = "Get an image",
            description =
                    "The bytes never change. HEAD, conditions (If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since) and single "
                            + "ranges (Range, If-Range) work as in RFC 9110. With 'Prefer: wait=20' the response waits until "
                            + "the generation has ended. With 'w' or 'format' the response is a smaller image, or one in another "
                            + "format, which is made when it is first asked for and then kept until the generation is erased. With "
                            + "'consume=true' the generation is erased when the whole image was sent.",
            parameters =
                    @Parameter(
                            in = ParameterIn.HEADER,
                            name = PreferHeader.HEADER,
                            description = "wait=N: wait at most N seconds, 1 to 60",
                            schema = @Schema(type = "string", example = "wait=20")))
    @ApiResponse(
            responseCode = "200",
            description = "The image",
            headers = {
                @Header(name = HttpHeaders.ETAG, schema = @Schema(type = "string")),
                @Header(
                        name = "Content-Digest",
                        description = "SHA-256 of the bytes (RFC 9530)",
                        schema = @Schema(type = "string"))
            },
            content = {
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = MediaType.IMAGE_JPEG_VALUE, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(
            responseCode = "206",
            description = "The part of the image that Range names",
            content = {
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = MediaType.IMAGE_JPEG_VALUE, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "304", description = "The client has this image already", content = @Content)
    @ApiResponse(
            responseCode = "307",
            description = "A link to the image in the store, for delivery=redirect",
            headers = @Header(name = HttpHeaders.LOCATION, schema = @Schema(type = "string")),
            content = @Content)
    @GetMapping("/v1/generations/{id}/images/{name}")
    Mono<Void> image(
            @PathVariable String id,
            @Parameter(
                            description =
                                    "The number of the image, from 0; or 'grid' for the uncut grid, then 'grid-1' and so on; or 'base' for the base image of an avatar",
                            example = "0")
                    @PathVariable
                    String name,
            @Parameter(
                            description = "inline or attachment",
                            schema = @Schema(allowableValues = {"inline", "attachment"}))
                    @RequestParam(defaultValue = "inline")
                    String disposition,
            @Parameter(description = "The file name for saving the image") @RequestParam(defaultValue = "")
                    String filename,
            @Parameter(
                            description =
                                    "redirect responds with a link to the store that is valid for some minutes. Send no "
                                            + "Authorization header to it: the store refuses requests with both",
                            schema = @Schema(allowableValues = {"gateway", REDIRECT}))
                    @RequestParam(defaultValue = "gateway")
                    String delivery,
            @Parameter(
                            name = DerivativeForm.WIDTH_PARAMETER,
                            description =
                                    "The width in pixels, for a smaller image. One that is not wider is sent in its own size",
                            schema = @Schema(allowableValues = {"256", "512", "1024"}))
                    @RequestParam(name = DerivativeForm.WIDTH_PARAMETER, required = false)
                    @Nullable
                    String width,
            @Parameter(
                            description = "The format of the image; left out for that of the generation",
                            schema = @Schema(allowableValues = {"png", "jpeg"}))
                    @RequestParam(required = false)
                    @Nullable
                    String format,
            @Parameter(
                            description =
                                    "true erases the generation, which must have one image only, as soon as the whole image was "
                                            + "sent; the next request gets 410. A download that breaks off, a range and HEAD erase "
                                            + "nothing",
                            schema = @Schema(allowableValues = {"false", "true"}))
                    @RequestParam(defaultValue = "false")
                    String consume,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var form = DerivativeForm.of(width, format);
        var errors = new ValidationErrors();
        check(errors, "consume", consume, "false", "true");
        check(errors, "disposition", disposition, "attachment", "inline");
        check(errors, "delivery", delivery, "gateway", REDIRECT);
        errors.throwIfAny();
        boolean isConsumed = consume.equals("true")
                && HttpMethod.GET.equals(exchange.getRequest().getMethod());
        if (isConsumed) {
            ConsumedImages.check(exchange.getRequest(), delivery.equals(REDIRECT));
        }
        var preferences = PreferHeader.of(exchange.getRequest().getHeaders());
        var headers = exchange.getResponse().getHeaders();
        preferences.appliedWait().ifPresent(waited -> headers.set(PreferHeader.APPLIED, waited));
        return find(id, preferences).doOnNext(consumed::requireNotConsumed).flatMap(job -> {
            var stored = ImageLookup.find(job, name, clock.instant());
            CacheableResponse.mark(exchange.getResponse(), job);
            boolean isRedirect = delivery.equals(REDIRECT)
                    && HttpMethod.GET.equals(exchange.getRequest().getMethod());
            return derivatives
                    .find(job, stored, form)
                    .onErrorMap(ObjectStoreFailed.class, failure -> ImageResponder.failure(job, failure))
                    .flatMap(image -> {
                        var contentDisposition = FileName.of(filename, job.id() + "-" + name, image.mediaType())
                                .disposition(disposition);
                        if (isConsumed) {
                            return consumed.send(exchange, job, image, contentDisposition);
                        }
                        return isRedirect
                                ? redirect(exchange, image, contentDisposition)
                                : responder.send(exchange, job, image, contentDisposition);
                    });
        });
    }

    private Mono<Job> find(String id, PreferHeader preferences) {
        return preferences
                .waitTimeout()
                .map(timeout -> lookup.find(id).flatMap(job -> lookup.awaitEnd(job, timeout)))
                .orElseGet(() -> lookup.findSettled(id));
    }

    private Mono<Void> redirect(ServerWebExchange exchange, StoredImage image, String disposition) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.TEMPORARY_REDIRECT);
        response.getHeaders().setLocation(store.link(new ObjectKey(image.key()), linkTtl, disposition));
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        return response.setComplete();
    }

    private static void check(ValidationErrors errors, String parameter, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            errors.add(FieldError.inParameter(parameter, "Must be one of %s.".formatted(String.join(", ", allowed))));
        }
    }
}
