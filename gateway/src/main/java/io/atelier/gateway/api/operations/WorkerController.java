package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the workers. */
@RestController
@Tag(name = "Queue", description = "Queues and workers")
public final class WorkerController {

    private static final Duration SHOWN_AFTER_END = Duration.ofHours(1);

    private final WorkerRegistry registry;
    private final Catalogue catalogue;
    private final Clock clock;

    public WorkerController(WorkerRegistry registry, Catalogue catalogue, Clock clock) {
        this.registry = registry;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    @Operation(
            operationId = "listWorkers",
            summary = "List workers",
            description = "The last seen first. Workers that stopped or were lost are listed for an hour.")
    @GetMapping(path = "/v1/workers", produces = MediaType.APPLICATION_JSON_VALUE)
    WorkerObject.Listing list() {
        var now = clock.instant();
        var oldest = now.minus(SHOWN_AFTER_END);
        var models = catalogue.all();
        var shown = registry.all().stream()
                .filter(worker ->
                        worker.status(now).live() || worker.lastSeenAt().isAfter(oldest))
                .map(worker -> WorkerObject.of(worker, now, models))
                .toList();
        return new WorkerObject.Listing("list", shown);
    }
}
