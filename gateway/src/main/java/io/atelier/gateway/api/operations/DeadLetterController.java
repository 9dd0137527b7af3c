package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.PageLimit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Lists dead-lettered tasks. */
@RestController
@Tag(name = "Operation", description = "For operators")
public final class DeadLetterController {

    private static final int MAX_LIMIT = 100;

    private final DeadLetters deadLetters;

    public DeadLetterController(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    @Operation(
            operationId = "listDeadLetters",
            summary = "List dead-lettered tasks",
            description =
                    "Tasks that were given up because every attempt ended without a report, or because their record could not "
                            + "be read. Newest first, kept for 30 days. POST /v1/generations/{id}/retry retries a generation.")
    @GetMapping(path = "/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<DeadLetterObject.Listing> list(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(name = PageLimit.NAME, defaultValue = "20")
                    String text) {
        int limit = parse(text);
        // One more than is shown, to know whether there are more.
        return deadLetters.latest(limit + 1).map(found -> {
            boolean more = found.size() > limit;
            return new DeadLetterObject.Listing("list", more ? found.subList(0, limit) : found, more);
        });
    }

    private static int parse(String text) {
        var allowed = new PageLimit(MAX_LIMIT);
        return allowed.parse(text).orElseThrow(() -> {
            var error = FieldError.inParameter(PageLimit.NAME, allowed.allowed());
            return new Problem(ProblemKind.VALIDATION_FAILED, error.place() + ": " + allowed.allowed())
                    .errors(List.of(error));
        });
    }
}
