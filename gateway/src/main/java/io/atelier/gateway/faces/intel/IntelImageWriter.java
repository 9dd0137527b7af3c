package io.atelier.gateway.faces.intel;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.storage.ObjectStoreFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sends the image of a session; in strict mode only once, and then erases its job. Thread-safe. */
final class IntelImageWriter {

    private static final Logger LOG = LoggerFactory.getLogger(IntelImageWriter.class);

    private final FaceImages images;
    private final IntelSessions sessions;
    private final CancellationService erasures;
    private final boolean isStrict;

    IntelImageWriter(FaceImages images, IntelSessions sessions, CancellationService erasures, boolean isStrict) {
        this.images = images;
        this.sessions = sessions;
        this.erasures = erasures;
        this.isStrict = isStrict;
    }

    /** Responds with the image of the session's newest job, which has one. */
    Mono<Void> write(ServerWebExchange exchange, IntelSession session, Job job) {
        if (!isStrict) {
            return send(exchange, job);
        }
        return Mono.defer(() -> {
            if (!sessions.take(session)) {
                return Mono.error(IntelProblems.notComplete());
            }
            return send(exchange, job)
                    .doOnError(failure -> sessions.putBack(session))
                    .doOnCancel(() -> sessions.putBack(session))
                    .then(Mono.defer(() -> {
                        // Goes on when the client, which has all bytes, disconnects.
                        var erasure = erase(job).cache();
                        erasure.subscribe();
                        return erasure;
                    }));
        });
    }

    private Mono<Void> send(ServerWebExchange exchange, Job job) {
        var response = exchange.getResponse();
        response.getHeaders().set("X-Status", "success");
        response.getHeaders().set("X-Message", "Image returned");
        IntelHandler.addHeaders(response, job);
        return images.send(response, job.images().get(0))
                .onErrorMap(
                        ObjectStoreFailed.class,
                        failure -> failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND
                                ? IntelProblems.imageNotFound()
                                : failure);
    }

    /** The response is complete, so a failure is only logged; the image is cleared all the same. */
    private Mono<Void> erase(Job job) {
        return erasures.erase(job).then().onErrorResume(failure -> {
            LOG.warn("The image of {} was sent, but its erasure was not published: {}", job.id(), failure.toString());
            return Mono.empty();
        });
    }
}
