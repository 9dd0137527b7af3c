package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Clock;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers requests with the bytes of pictures. */
public final class ImageResponder {

    private final ObjectDownloads downloads;
    private final Clock clock;

    public ImageResponder(ObjectDownloads downloads, Clock clock) {
        this.downloads = downloads;
        this.clock = clock;
    }

    /**
     * Answers with the first picture of a job that has ended. Fails with a {@link Problem} that names the job if it has none, or if it
     * cannot be sent now.
     */
    public Mono<Void> first(ServerWebExchange exchange, Job job) {
        return Mono.defer(() -> {
                    var image = ImageLookup.find(job, "0", clock.instant());
                    var address = ApiPaths.image(job.id(), 0);
                    exchange.getResponse().getHeaders().set(HttpHeaders.CONTENT_LOCATION, address);
                    var name = FileName.of("", job.id() + "-0").disposition("inline");
                    return send(exchange, job, image, name)
                            .onErrorMap(ObjectStoreFailed.class, failure -> unreadable(address));
                })
                .onErrorMap(
                        Problem.class,
                        problem -> problem.with("job_id", job.id().value()));
    }

    /** Answers with a picture, or with as much of it as the request asks for. */
    Mono<Void> send(ServerWebExchange exchange, Job job, StoredImage image, String disposition) {
        return Mono.defer(() -> new ImageResponse(downloads, exchange, job, image).send(disposition))
                .onErrorMap(
                        ObjectStoreFailed.class,
                        failure -> failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND ? gone(job) : failure);
    }

    private static Problem gone(Job job) {
        return new Problem(ProblemKind.IMAGE_UNAVAILABLE, "The image was made, but is not in the store any more.")
                .with("job_id", job.id().value())
                .with("job_status", job.status().word());
    }

    private static Problem unreadable(String address) {
        return new Problem(
                        ProblemKind.STORAGE_UNAVAILABLE,
                        "The image was made, but the image store cannot be read now. Get it later at %s."
                                .formatted(address))
                .retryAfter(Duration.ofSeconds(5));
    }
}
