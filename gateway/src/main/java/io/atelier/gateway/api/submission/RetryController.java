package io.atelier.gateway.api.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.EmptyBody;
import io.atelier.gateway.api.request.RetiredRequest;
import io.atelier.gateway.api.submission.JobSubmissionService.NewRequest;
import io.atelier.storage.ObjectStoreFailed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Retries a job that has ended, as a new job. */
@RestController
@Tag(name = "Generations")
public final class RetryController {

    private static final String OPERATION = "POST /v1/generations/{id}/retry";

    private static final String BATCH_LABELS = "avatar-batch.";

    private static final String NO_FIELDS =
            "A retry has no fields: it repeats the request as it was. To change it, POST a new one to /v1/generations.";

    private final BoundedBodyReader bodies;
    private final RetiredRequest models;
    private final JobLookup lookup;
    private final JobSubmissionService submissions;
    private final PersonaTextRepository texts;
    private final ResponseNegotiator responses;

    public RetryController(
            BoundedBodyReader bodies,
            RetiredRequest models,
            JobLookup lookup,
            JobSubmissionService submissions,
            PersonaTextRepository texts,
            ResponseNegotiator responses) {
        this.bodies = bodies;
        this.models = models;
        this.lookup = lookup;
        this.submissions = submissions;
        this.texts = texts;
        this.responses = responses;
    }

    @Operation(
            operationId = "retryGeneration",
            summary = "Retry a generation as a new one",
            description =
                    "Creates a new job with the same request and seed; its parent_id is the old job. Deadlines are not"
                            + " copied. If the model was shut down since, the one that takes its place is asked, and the"
                            + " new job has a warning. With 'Prefer: wait=30' the response waits for the end of the new job.")
    @PreferParameter(description = PreferParameter.WAIT + "the new job")
    @IdempotencyKeyParameter(
            description = "Your own name for this retry, " + IdempotencyKey.ALLOWED
                    + ". The same key for the same generation returns the existing new job; for another one it"
                    + " is refused.")
    @AcceptedResponse(description = "The new job is accepted")
    @EndedResponse(description = "The new job has ended")
    @PostMapping(path = "/v1/generations/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<?>> retry(
            @Parameter(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") @PathVariable String id,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        var request = lookup.find(id).flatMap(this::retried);
        var submission = key.map(
                        given -> submissions.submitNew(given.jobId(OPERATION), digest(id), request, given::conflict))
                .orElseGet(() -> request.flatMap(submissions::submit));
        // The body is read first, so that a request whose rest is malformed creates nothing.
        return bodies.read(exchange.getRequest())
                .doOnNext(body -> EmptyBody.require(body, NO_FIELDS))
                .flatMap(body -> responses.render(exchange, responses.json(exchange), submission));
    }

    /** Identifies what is retried: with one key, a client retries one job. */
    private static String digest(String id) {
        var canonical = ClientSuppliedId.parse(id).map(JobId::value).orElse(id);
        return Sha256.of(OPERATION + "\n" + canonical).hex();
    }

    /** The request, with texts of its own: those of the old job are erased with that. */
    private Mono<NewRequest> retried(Job job) {
        var request = models.current(retryRequest(job));
        return texts.read(job.request())
                .onErrorMap(ObjectStoreFailed.class, failure -> failure(job, failure))
                .map(read -> new NewRequest(request, List.of(), read));
    }

    private static RuntimeException failure(Job job, ObjectStoreFailed failure) {
        return failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND ? JobLookup.textsErasedProblem(job) : failure;
    }

    private static GenerationRequest retryRequest(Job job) {
        if (!job.status().terminal()) {
            throw new Problem(
                            ProblemKind.NOT_TERMINAL,
                            "The generation '%s' is %s. Wait until it has ended, or cancel it first."
                                    .formatted(job.id(), job.status().word()))
                    .with("job_id", job.id().value());
        }
        var retain = job.request().terms().retain();
        var request = sources(job).withTerms(new Terms(null, null, retain, job.id(), null));
        return request.avatar() == null ? request : alone(request, request.avatar());
    }

    /** The request of an avatar, which waits for no others, also if the old job belonged to a batch. */
    private static GenerationRequest alone(GenerationRequest request, AvatarSpec avatar) {
        var labels = new HashMap<>(request.labels());
        labels.keySet().removeIf(key -> key.startsWith(BATCH_LABELS));
        return request.toBuilder()
                .labels(labels)
                .avatar(avatar.toBuilder().held(false).build())
                .build();
    }

    /** The request; one that only splits takes the job's own copies of the grids, because the other generation may be erased. */
    private static GenerationRequest sources(Job job) {
        var request = job.request().withFirstModel();
        if (!request.splitsOnly() || job.grids().size() < request.images().size()) {
            return request;
        }
        var grids = new ArrayList<Source>();
        for (var grid : job.grids()) {
            grids.add(Source.of(job.id(), grids.size()).storedAs(grid));
        }
        var first = job.grids().get(0);
        return request.leavesSizeOpen()
                ? request.toBuilder()
                        .images(grids)
                        .size(new ImageSize(first.width(), first.height()))
                        .sizeLeftOpen(false)
                        .build()
                : request.withImages(grids);
    }
}
