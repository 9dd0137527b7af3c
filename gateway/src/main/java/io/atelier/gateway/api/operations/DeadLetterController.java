package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows the dead letters. */
@RestController
@Tag(name = "Operation", description = "For whoever runs the system")
public final class DeadLetterController {

    private static final int MOST = 100;

    private final DeadLetters letters;

    public DeadLetterController(DeadLetters letters) {
        this.letters = letters;
    }

    @Operation(
            operationId = "listDeadLetters",
            summary = "What nobody will work on again",
            description =
                    "Tasks that were given up because every attempt ended without a report, and orders that could not be "
                            + "read. Newest first, kept for 30 days. POST /v1/generations/{id}/retry asks for the same pictures again.")
    @GetMapping(path = "/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<DeadLetterObject.Listing> list(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(name = "limit", defaultValue = "20")
                    String limit) {
        int most = number(limit);
        // One more than is shown, to know whether there are more.
        return letters.latest(most + 1).map(found -> {
            boolean more = found.size() > most;
            return new DeadLetterObject.Listing("list", more ? found.subList(0, most) : found, more);
        });
    }

    private static int number(String limit) {
        int number = limit.matches("\\d{1,3}") ? Integer.parseInt(limit) : 0;
        if (number < 1 || number > MOST) {
            throw new Problem(
                    ProblemKind.VALIDATION_FAILED,
                    "The query parameter 'limit' must be a whole number from 1 to " + MOST + ".");
        }
        return number;
    }
}
