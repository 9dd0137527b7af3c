package io.atelier.gateway.faces.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.JobFailures;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.Backlog.Lane;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** One path of the face: takes a prompt, and responds with the bytes of an image when it is there. Thread-safe. */
final class CloudflareHandler implements WebHandler {

    /** The clients read for 120 s at most. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(115);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final HttpMethod method;
    private final PromptSource prompts;
    private final Model model;
    private final GenerationRequestReader reader;
    private final FaceSubmissions submissions;
    private final FaceImages images;
    private final Backlog backlog;
    private final CloudflareErrors errors;
    private final JsonMapper json;
    private final Clock clock;
    private final int maxQueued;
    private final Duration wait;

    /**
     * @param method the only one
     * @param maxQueued how many generations may wait for the model
     * @param wait for the end of a generation; at most 115 s
     */
    CloudflareHandler(
            HttpMethod method,
            PromptSource prompts,
            Model model,
            GenerationRequestReader reader,
            FaceSubmissions submissions,
            FaceImages images,
            Backlog backlog,
            CloudflareErrors errors,
            JsonMapper json,
            Clock clock,
            int maxQueued,
            Duration wait) {
        this.method = method;
        this.prompts = prompts;
        this.model = model;
        this.reader = reader;
        this.submissions = submissions;
        this.images = images;
        this.backlog = backlog;
        this.errors = errors;
        this.json = json;
        this.clock = clock;
        this.maxQueued = maxQueued;
        this.wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /** Where the prompt of a request is. */
    @FunctionalInterface
    interface PromptSource {

        /** The prompt. Fails with a {@link Problem} if there is none, or the client may not send it. */
        Mono<String> read(ServerWebExchange exchange);
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        return Mono.defer(() -> {
                    if (!method.equals(exchange.getRequest().getMethod())) {
                        return Mono.<Void>error(CloudflareErrors.wrongMethod(method));
                    }
                    return prompts.read(exchange).flatMap(prompt -> generate(exchange, prompt));
                })
                .onErrorResume(failure -> errors.handle(exchange, failure));
    }

    private Mono<Void> generate(ServerWebExchange exchange, String prompt) {
        var request = exchange.getRequest();
        var body = json.createObjectNode().put("prompt", prompt).put("model", model.id());
        var parsed = reader.read(json.writeValueAsBytes(body), null, clock.instant());
        int queued = queued();
        if (queued >= maxQueued) {
            return Mono.error(CloudflareErrors.queueFull(queued));
        }
        var operation = method + " " + request.getPath().pathWithinApplication().value();
        var submission = submissions.submit(operation, parsed, request.getHeaders(), false);
        return submissions.respond(submission, wait, false, job -> send(exchange, job));
    }

    private int queued() {
        var depth = backlog.depths().get(new Lane(model.pool(), model.id(), model.engine()));
        return depth == null ? 0 : depth.queued();
    }

    private Mono<Void> send(ServerWebExchange exchange, Job job) {
        return Mono.defer(() -> {
            var error = job.error();
            if (error != null && error.code() == Failure.Code.RATE_LIMITED) {
                var seconds = Objects.requireNonNullElse(error.retryAfterSeconds(), RETRY_AFTER.toSeconds());
                return Mono.error(CloudflareErrors.rateLimited("", Duration.ofSeconds(seconds)));
            }
            JobFailures.requireImages(job);
            exchange.getResponse()
                    .getHeaders()
                    .set(FaceSubmissions.GENERATION_ID, job.id().value());
            return images.send(exchange.getResponse(), job.images().get(0));
        });
    }
}
