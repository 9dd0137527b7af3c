package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.workers.RegisteredWorker;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The JSON of a worker. */
@Schema(name = "Worker")
record WorkerObject(
        String id,
        @Schema(allowableValues = "worker") String object,

        @Schema(allowableValues = {"generator", "splitter"}) String kind,

        @Schema(description = "The queue that it works off; empty for splitters", example = "default")
        String pool,

        @Schema(description = "What it draws with") List<String> engines,

        @Schema(description = "The models of the catalogue that it can draw")
        List<String> models,

        @Schema(example = "cpu") String device,

        @Schema(description = "How many tasks it works on at once")
        int slots,

        @Schema(description = "How many it works on now") int running,

        @Schema(
                description = "lost: nothing was heard of it for three heartbeats; stopped: it said that it stops",
                allowableValues = {"ready", "busy", "stopped", "lost"})
        String status,

        Instant startedAt,
        Instant lastSeenAt) {

    static WorkerObject of(RegisteredWorker worker, Instant now, Collection<Model> models) {
        var said = worker.said();
        return new WorkerObject(
                said.id(),
                "worker",
                said.kind(),
                said.pool(),
                said.engines(),
                models.stream()
                        .filter(model -> worker.has(model.pool(), model.engine()))
                        .map(Model::id)
                        .toList(),
                said.device(),
                said.slots(),
                said.running(),
                worker.status(now).name().toLowerCase(Locale.ROOT),
                said.startedAt(),
                worker.lastSeenAt());
    }

    /** All workers. */
    @Schema(name = "WorkerList")
    record Listing(@Schema(allowableValues = "list") String object, List<WorkerObject> data) {}
}
