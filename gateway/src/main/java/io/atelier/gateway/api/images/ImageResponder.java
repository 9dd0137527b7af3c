package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestConditions;
import io.atelier.gateway.api.request.RequestedRange;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore.ByteRange;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Writes images to HTTP responses, whole or in part, with conditions and ranges as in RFC 9110 and digests as in RFC 9530. The object store is
 * read only if the response has a body. Thread-safe.
 */
public final class ImageResponder {

    private final ObjectDownloads downloads;
    private final Clock clock;

    public ImageResponder(ObjectDownloads downloads, Clock clock) {
        this.downloads = downloads;
        this.clock = clock;
    }

    /**
     * Responds with the first image of a job that has ended. Fails with a {@link Problem} that contains the id of the job if it has no image,
     * or if the image cannot be sent now.
     */
    public Mono<Void> sendFirst(ServerWebExchange exchange, Job job) {
        return Mono.defer(() -> {
                    var image = ImageLookup.find(job, "0", clock.instant());
                    var path = ApiPaths.of(exchange.getRequest()).image(job.id(), 0);
                    exchange.getResponse().getHeaders().set(HttpHeaders.CONTENT_LOCATION, path);
                    var disposition =
                            FileName.of("", job.id() + "-0", image.mediaType()).disposition("inline");
                    return send(exchange, job, image, disposition)
                            .onErrorMap(ObjectStoreFailed.class, failure -> unreadable(path));
                })
                .onErrorMap(
                        Problem.class,
                        problem -> problem.with("job_id", job.id().value()));
    }

    /**
     * Responds with an image in the store, or with the part of it that the request asks for.
     *
     * @param modified when its bytes were stored; null if that is not known
     * @param gone the problem if the store does not have it any more
     */
    public Mono<Void> send(
            ServerWebExchange exchange,
            StoredImage image,
            @Nullable Instant modified,
            String disposition,
            Supplier<Problem> gone) {
        return Mono.defer(() -> new Response(exchange, image, modified).send(disposition))
                .onErrorMap(
                        ObjectStoreFailed.class,
                        failure -> failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND ? gone.get() : failure);
    }

    /**
     * Responds with an image that an operation made, whatever its method is. A range applies to the image; conditions do not, because the next
     * request makes another one. Otherwise like {@link #send(ServerWebExchange, StoredImage, Instant, String, Supplier)}.
     */
    public Mono<Void> sendResult(ServerWebExchange exchange, Job job, StoredImage image, String disposition) {
        return Mono.defer(() -> new Response(exchange, image, job.completedAt()).sendResult(disposition))
                .onErrorMap(ObjectStoreFailed.class, failure -> failure(job, failure));
    }

    /** Responds with an image, or with the part of it that the request asks for. */
    public Mono<Void> send(ServerWebExchange exchange, Job job, StoredImage image, String disposition) {
        return send(exchange, image, job.completedAt(), disposition, () -> gone(job));
    }

    /** What to answer if the store cannot read an image of a job. */
    public static RuntimeException failure(Job job, ObjectStoreFailed failure) {
        return failure.kind() == ObjectStoreFailed.Kind.NOT_FOUND ? gone(job) : failure;
    }

    private static Problem gone(Job job) {
        return new Problem(ProblemKind.IMAGE_UNAVAILABLE, "The image was generated, but is not in the store any more.")
                .with("job_id", job.id().value())
                .with("job_status", job.status().word());
    }

    private static Problem unreadable(String path) {
        return new Problem(
                        ProblemKind.STORAGE_UNAVAILABLE,
                        "The image was generated, but the image store cannot be read now. Get it later at %s."
                                .formatted(path))
                .retryAfter(Duration.ofSeconds(5));
    }

    /** One response. */
    private final class Response {

        private final ServerWebExchange exchange;
        private final StoredImage image;
        private final @Nullable Instant modified;
        private final ETag etag;
        private final HttpHeaders headers;

        Response(ServerWebExchange exchange, StoredImage image, @Nullable Instant changed) {
            this.exchange = exchange;
            this.image = image;
            this.modified = changed == null ? null : changed.truncatedTo(ChronoUnit.SECONDS);
            this.etag = new ETag("sha256-" + image.sha256(), false);
            this.headers = exchange.getResponse().getHeaders();
        }

        Mono<Void> send(String disposition) {
            var method = exchange.getRequest().getMethod();
            boolean isRead = HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
            identify(isRead ? "private, max-age=31536000, immutable" : "no-store");
            if (!isRead) {
                // Conditions and ranges apply to the resource of the URL, which is not the image.
                describe(disposition);
                return whole(true);
            }
            headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
            var conditions = new RequestConditions(exchange.getRequest().getHeaders(), etag, modified);
            conditions.requireMatch();
            if (conditions.isNotModified()) {
                exchange.getResponse().setStatusCode(HttpStatus.NOT_MODIFIED);
                return exchange.getResponse().setComplete();
            }
            describe(disposition);
            var range = HttpMethod.HEAD.equals(method) ? null : range();
            return range == null ? whole(!HttpMethod.HEAD.equals(method)) : part(range);
        }

        Mono<Void> sendResult(String disposition) {
            identify("no-store");
            headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
            describe(disposition);
            var range = range();
            return range == null ? whole(true) : part(range);
        }

        private void identify(String cacheControl) {
            headers.set(HttpHeaders.CACHE_CONTROL, cacheControl);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Content-Security-Policy", "default-src 'none'");
            headers.setETag(etag.formattedTag());
            if (modified != null) {
                headers.setLastModified(modified);
            }
        }

        private void describe(String disposition) {
            headers.setContentType(MediaType.parseMediaType(image.mediaType()));
            headers.set(HttpHeaders.CONTENT_DISPOSITION, disposition);
        }

        /** The requested part; null for the whole image. */
        private @Nullable ByteRange range() {
            return RequestedRange.of(
                            exchange.getRequest().getHeaders(),
                            etag,
                            headers.getFirst(HttpHeaders.LAST_MODIFIED),
                            image.bytes())
                    .orElse(null);
        }

        private Mono<Void> part(ByteRange range) {
            exchange.getResponse().setStatusCode(HttpStatus.PARTIAL_CONTENT);
            headers.set("Repr-Digest", digest());
            headers.set(
                    HttpHeaders.CONTENT_RANGE, "bytes %d-%d/%d".formatted(range.first(), range.last(), image.bytes()));
            headers.setContentLength(range.length());
            return stream(range, range.length());
        }

        private Mono<Void> whole(boolean withBody) {
            headers.set("Content-Digest", digest());
            headers.setContentLength(image.bytes());
            return withBody
                    ? stream(null, image.bytes())
                    : exchange.getResponse().setComplete();
        }

        private Mono<Void> stream(@Nullable ByteRange range, long length) {
            return downloads.send(new ObjectKey(image.key()), range, length, exchange.getResponse());
        }

        private String digest() {
            var bytes = HexFormat.of().parseHex(image.sha256());
            return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
        }
    }
}
