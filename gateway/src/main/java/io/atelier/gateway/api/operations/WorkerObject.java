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

        @Schema(description = "The pool whose tasks it leases; empty for splitters", example = "default")
        String pool,

        @Schema(description = "The engines that it can generate with")
        List<String> engines,

        @Schema(description = "The models of the catalogue that it can serve")
        List<String> models,

        @Schema(description = "The device that it prefers", example = "cpu")
        String device,

        @Schema(
                description =
                        "The devices that requests can require of it, the preferred one first: cpu, gpu, or gpu.1 for"
                                + " its second graphics card. Empty for a worker that runs no models",
                example = "[\"cpu\"]")
        List<String> devices,

        @Schema(description = "Number of tasks that it can work on at the same time")
        int slots,

        @Schema(description = "Number of tasks that it works on now, each in a slot")
        int running,

        @Schema(
                description =
                        "Number of further tasks that it works on now and that take no slot: prompts of avatars that"
                                + " it writes, images that it publishes, and tasks whose images are being stored")
        int runningBesideSlots,

        @Schema(
                description =
                        "lost: no heartbeat was received for three intervals; stopped: it announced that it stops",
                allowableValues = {"ready", "busy", "stopped", "lost"})
        String status,

        Instant startedAt,
        Instant lastSeenAt) {

    static WorkerObject of(RegisteredWorker worker, Instant now, Collection<Model> models) {
        var announcement = worker.announcement();
        return new WorkerObject(
                announcement.id(),
                "worker",
                announcement.kind(),
                announcement.pool(),
                announcement.engines(),
                models.stream()
                        .filter(model -> worker.has(model.pool(), model.engine()))
                        .map(Model::id)
                        .toList(),
                announcement.device(),
                announcement.devices() == null ? List.of() : announcement.devices(),
                announcement.slots(),
                announcement.usedSlots(),
                announcement.besideSlots(),
                worker.status(now).name().toLowerCase(Locale.ROOT),
                announcement.startedAt(),
                worker.lastSeenAt());
    }

    /** All workers. */
    @Schema(name = "WorkerList")
    record Listing(@Schema(allowableValues = "list") String object, List<WorkerObject> data) {}
}
