package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.generations.RetryAfter;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.JobFailures;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Creates the jobs of pipelines, and responds with their images. Thread-safe. */
final class RunResponder {

    /** The header with the id of the job. */
    static final String JOB_ID = "X-Job-Id";

    private static final String OBJECT_KEY = "X-Object-Key";
    private static final int HASH_LENGTH = 12;
    private static final Logger LOG = LoggerFactory.getLogger(RunResponder.class);

    private final FaceSubmissions submissions;
    private final JobLookup lookup;
    private final ImageResponder images;
    private final RequestedImages requested;
    private final Duration waitTimeout;
    private final JsonMapper json;
    private final Clock clock;

    /** @param waitTimeout how long a request waits for its image */
    RunResponder(
            FaceSubmissions submissions,
            JobLookup lookup,
            ImageResponder images,
            RequestedImages requested,
            Duration waitTimeout,
            JsonMapper json,
            Clock clock) {
        this.submissions = submissions;
        this.lookup = lookup;
        this.images = images;
        this.requested = requested;
        this.waitTimeout = waitTimeout;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Creates the job of a request, and responds with its image when it has ended, or at once if the client does not want to wait. The job goes on
     * if the client disconnects.
     */
    Mono<Void> run(ServerWebExchange exchange, ImagePipeline pipeline, ParsedRequest request, Disposition disposition) {
        var headers = exchange.getRequest().getHeaders();
        var submission = Mono.defer(
                        () -> submissions.submit("POST /%s/run".formatted(pipeline.name()), request, headers, false))
                .doOnNext(accepted -> log(pipeline, accepted));
        if (PreferHeader.of(headers).respondAsync()) {
            return submissions.respondAtOnce(submission, false, job -> {
                exchange.getResponse().getHeaders().set(PreferHeader.APPLIED, "respond-async");
                return pending(exchange, pipeline, job);
            });
        }
        return submissions.respond(submission, waitTimeout, false, job -> image(exchange, pipeline, job, disposition));
    }

    /** Responds with the image of an earlier request, or that it has none yet. */
    Mono<Void> find(ServerWebExchange exchange, ImagePipeline pipeline, String id, Disposition disposition) {
        return lookup.findSettled(id).flatMap(job -> {
            if (!job.status().terminal()) {
                return pending(exchange, pipeline, job);
            }
            JobFailures.requireImages(job);
            return image(exchange, job)
                    .flatMap(image -> images.send(exchange, job, image, pipeline.contentDisposition(disposition)));
        });
    }

    private Mono<Void> image(ServerWebExchange exchange, ImagePipeline pipeline, Job job, Disposition disposition) {
        return Mono.defer(() -> {
            JobFailures.requireImages(job);
            return image(exchange, job)
                    .flatMap(
                            image -> images.sendResult(exchange, job, image, pipeline.contentDisposition(disposition)));
        });
    }

    /** The image of the job in the size that the client asked for, and the headers that name both. */
    private Mono<StoredImage> image(ServerWebExchange exchange, Job job) {
        return requested.of(job).doOnNext(image -> {
            var headers = exchange.getResponse().getHeaders();
            headers.set(JOB_ID, job.id().value());
            headers.set(OBJECT_KEY, image.key());
        });
    }

    private Mono<Void> pending(ServerWebExchange exchange, ImagePipeline pipeline, Job job) {
        var response = exchange.getResponse();
        var body = json.writeValueAsBytes(
                Map.of("job_id", job.id().value(), "status", job.status().word()));
        var headers = response.getHeaders();
        response.setStatusCode(HttpStatus.ACCEPTED);
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(body.length);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set(JOB_ID, job.id().value());
        headers.setLocation(URI.create("/%s/run/%s".formatted(pipeline.name(), job.id())));
        headers.set(
                HttpHeaders.RETRY_AFTER,
                Long.toString(Math.max(1, RetryAfter.byAge(job, clock.instant()).toSeconds())));
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    /** Without the prompt, which is personal data. */
    private static void log(ImagePipeline pipeline, AcceptedJob accepted) {
        if (accepted.isReplayed()) {
            return;
        }
        GenerationRequest request = accepted.job().request();
        var prompt = request.prompt();
        LOG.info(
                "{}: the pipeline {} asks {} for {}, prompt of {} characters, SHA-256 {}",
                accepted.job().id(),
                pipeline.name(),
                request.model(),
                request.size(),
                prompt.length(),
                Sha256.of(prompt.getBytes(StandardCharsets.UTF_8)).hex().substring(0, HASH_LENGTH));
    }
}
