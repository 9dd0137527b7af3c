package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.cache.ResponseCache;
import io.atelier.gateway.api.exchange.OtherSites;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sends images that are erased afterwards, with their generations. Thread-safe. */
public final class ConsumedImages {

    private static final String PARAMETER = "consume";

    private final ImageResponder responder;
    private final CancellationService erasures;
    private final ResponseCache cache;

    /** Those that were sent and whose erasure the view does not show yet. */
    private final Set<JobId> sent = ConcurrentHashMap.newKeySet();

    /** @param cache which must not send an image that was sent for the last time */
    public ConsumedImages(ImageResponder responder, CancellationService erasures, ResponseCache cache) {
        this.responder = responder;
        this.erasures = erasures;
        this.cache = cache;
    }

    /**
     * Checks a request for an image that is erased afterwards.
     *
     * @param isRedirect whether the client wants to get the image from the store, which does not say whether it was sent
     * @throws Problem if this cannot be, or if a web page of another site made a browser send the request: an address in a page must erase nothing
     */
    static void check(ServerHttpRequest request, boolean isRedirect) {
        if (OtherSites.sent(request)) {
            throw new Problem(
                    ProblemKind.CROSS_SITE_REQUEST,
                    "A web page of another site made the browser send this request, which would erase the generation.");
        }
        if (isRedirect) {
            throw refused("Cannot be true with delivery=redirect: DELETE the generation when you have the image.");
        }
    }

    /** @throws Problem of kind {@code ERASED} if this gateway has sent the image of the job for the last time */
    void requireNotConsumed(Job job) {
        if (sent.contains(job.id())) {
            throw new Problem(ProblemKind.ERASED, "The generation '%s' was erased by request.".formatted(job.id()))
                    .with("job_id", job.id().value());
        }
    }

    /** Responds with an image, and erases its job once all of it is sent. Fails with a {@link Problem} if the job has more images. */
    Mono<Void> send(ServerWebExchange exchange, Job job, StoredImage image, String disposition) {
        if (job.images().size() + job.grids().size() > 1) {
            return Mono.error(
                    refused(
                            "Cannot be true, because the generation has more than one image: DELETE it when you have them all."));
        }
        return responder.sendResult(exchange, job, image, disposition).then(Mono.defer(() -> {
            if (!HttpStatus.OK.equals(exchange.getResponse().getStatusCode())) {
                return Mono.empty();
            }
            sent.add(job.id());
            cache.forget(job.id());
            return erasures.eraseSent(job, () -> sent.remove(job.id()));
        }));
    }

    private static Problem refused(String detail) {
        var error = FieldError.inParameter(PARAMETER, detail);
        return new Problem(ProblemKind.VALIDATION_FAILED, error.place() + ": " + error.detail()).errors(List.of(error));
    }
}
