package io.atelier.gateway.api.models;

import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.EmptyBody;
import io.atelier.gateway.api.request.ModelNotFound;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelLoad;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Asks workers to free the memory of a model. */
@RestController
@Tag(name = "Models")
public final class ModelUnloadController {

    static final String PATH = "/v1/models/{id}/unload";

    private static final String NO_FIELDS =
            "Unloading has no fields: every worker frees the memory of the model as soon as no run uses it.";

    private static final DataSize MAX_BODY = DataSize.ofKilobytes(16);

    private final BoundedBodyReader bodies;
    private final Catalogue catalogue;
    private final ModelAvailability availability;
    private final NonBlockingPublisher publisher;
    private final Clock clock;

    public ModelUnloadController(
            SubmissionProperties limits,
            Catalogue catalogue,
            ModelAvailability availability,
            NonBlockingPublisher publisher,
            Clock clock) {
        this.bodies = new BoundedBodyReader(MAX_BODY, limits.drain(), limits.bodyTimeout());
        this.catalogue = catalogue;
        this.availability = availability;
        this.publisher = publisher;
        this.clock = clock;
    }

    @Operation(
            operationId = "unloadModel",
            summary = "Unload a model",
            description =
                    "Idempotent. Every worker that runs the model itself frees its memory as soon as no run uses it; the next job loads it again. "
                            + "For a model that workers do not run themselves nothing happens.")
    @ApiResponse(responseCode = "200", description = "No worker is known to have the model in memory")
    @ApiResponse(
            responseCode = "202",
            description = "The workers were asked; loading in the description of the model shows when it is done",
            content = @Content(schema = @Schema(implementation = ModelUnload.class)))
    @PostMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<ModelUnload>> unload(
            @Parameter(example = "sdxl") @PathVariable String id, @Parameter(hidden = true) ServerHttpRequest request) {
        return bodies.read(request)
                .doOnNext(body -> EmptyBody.require(body, NO_FIELDS))
                .flatMap(body -> {
                    var model = catalogue.find(id).orElseThrow(() -> ModelNotFound.problem(catalogue, id));
                    return availability
                            .load(model.engine())
                            .map(load -> unload(model, load))
                            .orElseGet(() -> Mono.just(response(model, HttpStatus.OK)));
                });
    }

    /** Asks also if none is known to have it in memory: the last heartbeat is up to a second older than the last load. */
    private Mono<ResponseEntity<ModelUnload>> unload(Model model, ModelLoad load) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var status = load.held() ? HttpStatus.ACCEPTED : HttpStatus.OK;
        return publisher.publish(new ModelUnloadRequested(model.engine(), now)).thenReturn(response(model, status));
    }

    private static ResponseEntity<ModelUnload> response(Model model, HttpStatus status) {
        return ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .body(new ModelUnload(model.id(), "model", status == HttpStatus.OK));
    }

    /** The JSON of the result. */
    @Schema(name = "ModelUnload")
    record ModelUnload(
            @Schema(example = "sdxl") String id,
            @Schema(allowableValues = "model") String object,

            @Schema(description = "Whether no worker is known to have it in memory; false while they free it")
            boolean unloaded) {}
}
