package io.atelier.gateway.api.commands;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.commands.CommandRateLimit.Grant;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.CommandForm;
import io.atelier.gateway.api.request.CommandReader;
import io.atelier.gateway.api.request.CommandReader.Command;
import io.atelier.gateway.api.submission.AcceptedResponse;
import io.atelier.gateway.api.submission.EndedResponse;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.IdempotencyKeyParameter;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import io.atelier.gateway.api.submission.PreferParameter;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates generations from commands. */
@RestController
@Tag(name = "Generations")
public final class CommandController {

    static final String LIMIT = "X-RateLimit-Limit";
    static final String REMAINING = "X-RateLimit-Remaining";
    static final String RESET = "X-RateLimit-Reset";

    private static final String PATH = "/v1/commands";

    private final BoundedBodyReader bodies;
    private final CommandReader reader;
    private final CommandRequests requests;
    private final CommandRateLimit rateLimit;
    private final JobSubmissionService submissions;
    private final ResponseNegotiator responses;
    private final Supplier<JobId> ids;

    /** @param ids makes the id of a new generation */
    public CommandController(
            BoundedBodyReader bodies,
            CommandReader reader,
            CommandRequests requests,
            CommandRateLimit rateLimit,
            JobSubmissionService submissions,
            ResponseNegotiator responses,
            Supplier<JobId> ids) {
        this.bodies = bodies;
        this.reader = reader;
        this.requests = requests;
        this.rateLimit = rateLimit;
        this.submissions = submissions;
        this.responses = responses;
        this.ids = ids;
    }

    @Operation(
            operationId = "createGenerationByCommand",
            summary = "Create a generation from a line of a chat",
            description =
                    "/image=MODEL=PROMPT, for chats that pass on what their users type. The prompt is rewritten first where"
                            + " that is set up. A user may send 10 commands within 60 s, unless set otherwise.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = CommandForm.class))))
    @PreferParameter(description = PreferParameter.WAIT + "the job", schema = @Schema(type = "string"))
    @IdempotencyKeyParameter(
            description = "Your own name for this request, " + IdempotencyKey.ALLOWED
                    + ". The same key with the same body returns the existing job, which does not count again.")
    @EndedResponse(description = "The job has ended within the wait")
    @AcceptedResponse(
            description = "The job is accepted",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "The path of the job",
                        schema = @Schema(type = "string")),
                @Header(
                        name = LIMIT,
                        description = "How many commands a user may send within the window",
                        schema = @Schema(type = "integer")),
                @Header(
                        name = REMAINING,
                        description = "How many more this user may send now",
                        schema = @Schema(type = "integer")),
                @Header(
                        name = RESET,
                        description = "Seconds until the user may send one more; 0 if that is now",
                        schema = @Schema(type = "integer"))
            })
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<?>> create(@Parameter(hidden = true) ServerWebExchange exchange) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        return bodies.read(exchange.getRequest()).flatMap(body -> {
            var command = reader.read(body);
            var job = key.map(given -> given.jobId("POST " + PATH)).orElseGet(ids);
            Function<JobId, Problem> conflict =
                    key.<Function<JobId, Problem>>map(given -> given::conflict).orElse(ClientSuppliedId::conflict);
            var submission = Mono.defer(() -> submissions.submit(job, requests.request(command), conflict));
            boolean mayBeRepeated = key.isPresent();
            return responses.renderAccepted(
                    exchange,
                    Mono.defer(() -> mayBeRepeated && submissions.find(job).isPresent()
                            ? submission
                            : counted(exchange, command, job, submission)));
        });
    }

    private Mono<AcceptedJob> counted(
            ServerWebExchange exchange, Command command, JobId job, Mono<AcceptedJob> submission) {
        return rateLimit
                .acquire(command.user(), command.model(), job)
                .doOnNext(grant -> addHeaders(exchange.getResponse().getHeaders(), grant))
                .then(submission.doOnError(failure -> rateLimit.release(job)));
    }

    private static void addHeaders(HttpHeaders headers, Grant grant) {
        headers.set(LIMIT, Integer.toString(grant.limit()));
        headers.set(REMAINING, Integer.toString(grant.remaining()));
        headers.set(RESET, Long.toString(grant.resetSeconds()));
    }
}
