package io.atelier.gateway.api.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Liveness and readiness probes. Readiness does not depend on workers or the store, because a gateway without them still accepts jobs; a store
 * that cannot be used is shown.
 */
@RestController
@Tag(name = "Probes")
public final class ProbeController {

    private final GatewayChecks checks;

    public ProbeController(GatewayChecks checks) {
        this.checks = checks;
    }

    @Operation(operationId = "livez", summary = "Liveness: the process runs")
    @GetMapping(path = "/livez", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> live() {
        return Map.of("status", "live");
    }

    @Operation(
            operationId = "readyz",
            summary = "Readiness: the gateway accepts requests",
            description =
                    "It is ready when its view of jobs has caught up, a message broker answers, and its disk has free space. It is "
                            + "degraded, and still accepts jobs, while the image store cannot be used or has lost its bucket.")
    @GetMapping(path = "/readyz", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<Readiness> ready() {
        return checks.run().map(ProbeController::readiness);
    }

    private static Readiness readiness(GatewayChecks.Result result) {
        if (!result.ready()) {
            var detail = "The gateway is not ready. Checks: %s. %s"
                    .formatted(result.checks(), String.join(" ", result.notices()))
                    .strip();
            throw new Problem(ProblemKind.NOT_READY, detail)
                    .with("checks", result.checks())
                    .retryAfter(Duration.ofSeconds(2));
        }
        var warnings = result.warnings();
        return new Readiness(warnings.isEmpty() ? "ready" : "degraded", result.checks(), warnings);
    }

    /** The JSON of a ready gateway, with its checks. */
    record Readiness(
            @Schema(allowableValues = {"ready", "degraded"}) String status,

            Map<String, Boolean> checks,

            @Schema(description = "What is wrong although jobs are accepted")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<String> warnings) {}
}
