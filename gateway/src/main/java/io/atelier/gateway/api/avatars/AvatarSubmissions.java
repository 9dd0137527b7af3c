package io.atelier.gateway.api.avatars;

import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Creates the jobs of avatars and of their steps. Thread-safe. */
public final class AvatarSubmissions {

    private final Demonstration demonstration;
    private final JobSubmissionService submissions;
    private final ResponseNegotiator responses;

    public AvatarSubmissions(
            Demonstration demonstration, JobSubmissionService submissions, ResponseNegotiator responses) {
        this.demonstration = demonstration;
        this.submissions = submissions;
        this.responses = responses;
    }

    /**
     * Creates the job of a request, or finds the one of its {@code Idempotency-Key}, and responds in the form that the client accepts.
     *
     * @param operation the method and path of the route: a key of one does not count for another
     */
    Mono<ResponseEntity<?>> respond(ServerWebExchange exchange, String operation, ParsedRequest request) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        // A job that exists is found also while it is unknown whether a new one would be a demonstration.
        var possible = Mono.fromSupplier(() -> demonstration.inPlaceOf(request));
        Mono<AcceptedJob> submission = key.map(given ->
                        submissions.submitParsed(given.jobId(operation), request.digest(), possible, given::conflict))
                .orElseGet(() -> possible.flatMap(submissions::submit));
        return responses.respond(exchange, request, submission);
    }
}
