package io.atelier.gateway.faces.intel;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.storage.ObjectStoreFailed;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sends the image of a session; in strict mode only once, and then erases its job. Thread-safe. */
final class IntelImageWriter {

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
                    .then(Mono.defer(() -> erasures.eraseSent(job, () -> {})));
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
}
