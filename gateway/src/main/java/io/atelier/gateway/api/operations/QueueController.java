package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.CompletionEstimate;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.gateway.view.queue.QueuePosition;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows queue lengths and ETAs. */
@RestController
@Tag(name = "Queue", description = "Queues and workers")
public final class QueueController {

    private static final Backlog.Depth EMPTY = new Backlog.Depth(0, 0, null);

    private final Backlog backlog;
    private final EtaEstimator estimator;
    private final ModelAvailability availability;
    private final Catalogue catalogue;
    private final SystemNotices notices;
    private final Clock clock;

    public QueueController(
            Backlog backlog,
            EtaEstimator estimator,
            ModelAvailability availability,
            Catalogue catalogue,
            SystemNotices notices,
            Clock clock) {
        this.backlog = backlog;
        this.estimator = estimator;
        this.availability = availability;
        this.catalogue = catalogue;
        this.notices = notices;
        this.clock = clock;
    }

    @Operation(
            operationId = "getQueue",
            summary = "Show queue lengths and ETAs",
            description =
                    "Queued and running jobs and the ETA of a new job, by pool and by model. ETAs are estimated from"
                            + " the recent durations of jobs and the live workers, and left out where one of them is"
                            + " unknown.")
    @GetMapping(path = "/v1/queue", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<QueueReport> queue() {
        var lanes = lanes();
        var all = sum(lanes.values());
        var now = clock.instant();
        var report = new QueueReport(
                "queue",
                all.queued(),
                all.running(),
                age(all.oldest(), now),
                notices.current(),
                pools(lanes, now),
                models(lanes, now));
        return ResponseEntity.ok().cacheControl(CacheControl.noCache()).body(report);
    }

    /** The depth of every lane that has live workers or open jobs. */
    private Map<Backlog.Lane, Backlog.Depth> lanes() {
        var lanes = new LinkedHashMap<Backlog.Lane, Backlog.Depth>();
        for (Model model : catalogue.all()) {
            if (availability.of(model.pool(), model.engine()).live() > 0) {
                lanes.put(new Backlog.Lane(model.pool(), model.id(), model.engine()), EMPTY);
            }
        }
        lanes.putAll(backlog.depths());
        return lanes;
    }

    private List<QueueReport.OfModel> models(Map<Backlog.Lane, Backlog.Depth> lanes, Instant now) {
        var models = new ArrayList<QueueReport.OfModel>();
        lanes.forEach((lane, depth) -> {
            if (lane.model().isEmpty()) {
                // Jobs that only split images have no model.
                return;
            }
            var eta = estimator.endOfNewJob(lane);
            models.add(new QueueReport.OfModel(
                    lane.model(),
                    lane.pool(),
                    QueuePosition.LANE,
                    depth.queued(),
                    depth.running(),
                    age(depth.oldest(), now),
                    eta.map(CompletionEstimate::wholeSeconds).orElse(null),
                    eta.map(CompletionEstimate::confidenceWord).orElse(null),
                    availability.of(lane.pool(), lane.engine())));
        });
        return models;
    }

    private List<QueueReport.OfPool> pools(Map<Backlog.Lane, Backlog.Depth> lanes, Instant now) {
        return lanes.keySet().stream()
                .map(Backlog.Lane::pool)
                .distinct()
                .map(pool -> pool(pool, lanes, now))
                .toList();
    }

    private QueueReport.OfPool pool(String pool, Map<Backlog.Lane, Backlog.Depth> lanes, Instant now) {
        var lanesOfPool = lanes.entrySet().stream()
                .filter(lane -> lane.getKey().pool().equals(pool))
                .toList();
        var depth = sum(lanesOfPool.stream().map(Map.Entry::getValue).toList());
        // The workers of a pool may have different engines: the first free one counts.
        Optional<CompletionEstimate> eta = lanesOfPool.stream()
                .flatMap(lane -> estimator.startOfNewJob(lane.getKey()).stream())
                .min(Comparator.comparingDouble(CompletionEstimate::seconds));
        return new QueueReport.OfPool(
                pool,
                QueuePosition.LANE,
                depth.queued(),
                depth.running(),
                age(depth.oldest(), now),
                eta.map(CompletionEstimate::wholeSeconds).orElse(null),
                eta.map(CompletionEstimate::confidenceWord).orElse(null),
                availability.of(pool));
    }

    private static Backlog.Depth sum(Collection<Backlog.Depth> depths) {
        return depths.stream().reduce(EMPTY, Backlog.Depth::plus);
    }

    private static @Nullable Double age(@Nullable Instant oldest, Instant now) {
        return oldest == null ? null : Math.max(0, Duration.between(oldest, now).toMillis()) / 1000.0;
    }
}
