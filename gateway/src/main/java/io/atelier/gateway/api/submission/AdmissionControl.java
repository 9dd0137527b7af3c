package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns away what nobody here can ever do. What somebody could do before is let in: it waits until such a worker comes back. Thread-safe.
 */
public final class AdmissionControl {

    private static final Duration RETRY = Duration.ofSeconds(60);
    private static final int MOST_TOLD = 10;

    private final WorkerRegistry board;
    private final Catalogue catalogue;
    private final Clock clock;
    private final Instant graceEnds;

    public AdmissionControl(WorkerRegistry board, Catalogue catalogue, AdmissionProperties properties, Clock clock) {
        this.board = board;
        this.catalogue = catalogue;
        this.clock = clock;
        this.graceEnds = clock.instant().plus(properties.startGracePeriod());
    }

    /**
     * Lets the request in, or does not.
     *
     * @throws Problem if no worker ever announced the engine in the pool, and it is not too early to tell; or if those who know it say
     *     that a setting is missing
     */
    public void check(GenerationRequest request) {
        var condition = board.condition(request.pool(), request.engine());
        if (condition.is(EngineCondition.NOT_CONFIGURED)) {
            throw notConfigured(request, condition);
        }
        if (!board.everHad(request.pool(), request.engine()) && !isTooEarly()) {
            throw refusal(request);
        }
    }

    /** Where nobody at all ever said who it is, workers may be of a version that does not. */
    private boolean isTooEarly() {
        return !board.caughtUp() || board.all().isEmpty() || clock.instant().isBefore(graceEnds);
    }

    private static Problem notConfigured(GenerationRequest request, EngineCondition condition) {
        return new Problem(
                        ProblemKind.NOT_CONFIGURED,
                        "Image generation not configured: the engine '%s' of the model '%s' lacks a setting. %s"
                                .formatted(request.engine(), request.model(), condition.detail())
                                .strip())
                .header("x-should-retry", "false")
                .with("engine", request.engine());
    }

    private Problem refusal(GenerationRequest request) {
        return new Problem(
                        ProblemKind.NO_CAPABLE_WORKER,
                        ("No worker has ever been here that has the engine '%s' of the model '%s' and works for the pool '%s'. "
                                        + "Start one, or name another model.")
                                .formatted(request.engine(), request.model(), request.pool()))
                .retryAfter(RETRY)
                .header("x-should-retry", "false")
                .with(
                        "requirements",
                        Map.of("engine", request.engine(), "pool", request.pool(), "model", request.model()))
                .with("nearest", nearest(request));
    }

    /** What live workers have: the same engine elsewhere comes first, then other engines of the same pool. */
    private List<Near> nearest(GenerationRequest request) {
        var present = new LinkedHashMap<String, Near>();
        for (var worker : board.live()) {
            var said = worker.said();
            for (var engine : said.engines()) {
                present.computeIfAbsent(said.pool() + "/" + engine, key -> near(said.pool(), engine));
            }
        }
        Comparator<Near> byEngine = Comparator.comparing(near -> !near.engine().equals(request.engine()));
        Comparator<Near> byPool = Comparator.comparing(near -> !near.pool().equals(request.pool()));
        return present.values().stream()
                .sorted(byEngine.thenComparing(byPool).thenComparing(Near::engine))
                .limit(MOST_TOLD)
                .toList();
    }

    private Near near(String pool, String engine) {
        var models = catalogue.all().stream()
                .filter(model -> model.pool().equals(pool) && model.engine().equals(engine))
                .map(Model::id)
                .toList();
        return new Near(engine, pool, models, board.of(pool, engine));
    }

    /** What there is instead. */
    private record Near(String engine, String pool, List<String> models, ModelAvailability.Present workers) {}
}
