package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.Jobs;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Liveness and readiness probes. Readiness does not depend on workers or the store, because a gateway without them still accepts jobs. */
@RestController
@Tag(name = "Probes")
public final class ProbeController {

    private final Jobs jobs;
    private final BrokerProbe brokers;
    private final ApplicationAvailability availability;

    public ProbeController(Jobs jobs, BrokerProbe brokers, ApplicationAvailability availability) {
        this.jobs = jobs;
        this.brokers = brokers;
        this.availability = availability;
    }

    @Operation(operationId = "livez", summary = "Liveness: the process runs")
    @GetMapping(path = "/livez", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> live() {
        return Map.of("status", "live");
    }

    @Operation(
            operationId = "readyz",
            summary = "Readiness: the gateway accepts requests",
            description = "It is ready when its view of jobs has caught up and a message broker answers.")
    @GetMapping(path = "/readyz", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<Readiness> ready() {
        return brokers.reachable().map(this::readiness);
    }

    private Readiness readiness(boolean brokersAnswer) {
        var checks = new LinkedHashMap<String, Boolean>();
        checks.put("view", jobs.ready());
        checks.put("broker", brokersAnswer);
        checks.put("accepting", availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC);
        if (checks.containsValue(false)) {
            throw new Problem(ProblemKind.NOT_READY, "The gateway is not ready. Checks: " + checks)
                    .with("checks", checks)
                    .retryAfter(Duration.ofSeconds(2));
        }
        return new Readiness("ready", checks);
    }

    /** The JSON of a ready gateway, with its checks. */
    record Readiness(String status, Map<String, Boolean> checks) {}
}
