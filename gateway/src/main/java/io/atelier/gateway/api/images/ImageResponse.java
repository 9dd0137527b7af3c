package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.storage.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The answer to a request for a picture: everything that can be said without asking the store (RFC 9110 for conditions and ranges, RFC 9530
 * for digests), and the bytes, if bytes are due.
 */
final class ImageResponse {

    private final ObjectDownloads downloads;
    private final ServerWebExchange exchange;
    private final StoredImage image;
    private final @Nullable Instant modified;
    private final String etag;
    private final HttpHeaders headers;

    ImageResponse(ObjectDownloads downloads, ServerWebExchange exchange, Job job, StoredImage image) {
        this.downloads = downloads;
        this.exchange = exchange;
        this.image = image;
        this.modified = Optional.ofNullable(job.completedAt())
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
                .orElse(null);
        this.etag = "\"sha256-" + image.sha256() + "\"";
        this.headers = exchange.getResponse().getHeaders();
    }

    Mono<Void> send(String disposition) {
        var method = exchange.getRequest().getMethod();
        boolean reads = HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
        headers.set(HttpHeaders.CACHE_CONTROL, reads ? "private, max-age=31536000, immutable" : "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Security-Policy", "default-src 'none'");
        headers.setETag(etag);
        if (modified != null) {
            headers.setLastModified(modified);
        }
        if (!reads) {
            // Conditions and ranges would speak of what is at the address, which is no picture.
            describe(disposition);
            return whole(true);
        }
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (notModified()) {
            exchange.getResponse().setStatusCode(HttpStatus.NOT_MODIFIED);
            return exchange.getResponse().setComplete();
        }
        describe(disposition);
        return HttpMethod.HEAD.equals(method) ? whole(false) : part(range());
    }

    private void describe(String disposition) {
        headers.setContentType(MediaType.parseMediaType(image.mediaType()));
        headers.set(HttpHeaders.CONTENT_DISPOSITION, disposition);
    }

    /** Conditions in the order of RFC 9110 §13.2.2; the framework leaves out If-Match and the star. */
    private boolean notModified() {
        var asked = exchange.getRequest().getHeaders();
        var wanted = tags(asked.getOrEmpty(HttpHeaders.IF_MATCH));
        if (!wanted.isEmpty() && !wanted.contains(etag) && !wanted.contains("*")) {
            throw new Problem(
                    ProblemKind.PRECONDITION_FAILED, "The image is another one than the header If-Match asks for.");
        }
        var known = tags(asked.getOrEmpty(HttpHeaders.IF_NONE_MATCH));
        if (!known.isEmpty()) {
            return known.contains(etag) || known.contains("W/" + etag) || known.contains("*");
        }
        return modified != null && asked.getIfModifiedSince() >= modified.toEpochMilli();
    }

    private static Set<String> tags(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .collect(Collectors.toUnmodifiableSet());
    }

    private RangeRequest range() {
        var asked = exchange.getRequest().getHeaders();
        return unchanged(asked.getFirst(HttpHeaders.IF_RANGE))
                ? RangeRequest.of(asked.getFirst(HttpHeaders.RANGE), image.bytes())
                : RangeRequest.all(image.bytes());
    }

    /** Whether a part may be sent: the client has no other part, or one of these very bytes. */
    private boolean unchanged(@Nullable String condition) {
        return condition == null
                || condition.equals(etag)
                || condition.equals(headers.getFirst(HttpHeaders.LAST_MODIFIED));
    }

    private Mono<Void> part(RangeRequest range) {
        if (!range.satisfiable()) {
            throw new Problem(
                            ProblemKind.RANGE_NOT_SATISFIABLE,
                            "The image has %d bytes; the range begins after them.".formatted(image.bytes()))
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + image.bytes());
        }
        if (range.whole()) {
            return whole(true);
        }
        var bytes = range.bytes();
        exchange.getResponse().setStatusCode(HttpStatus.PARTIAL_CONTENT);
        headers.set("Repr-Digest", digest());
        headers.set(HttpHeaders.CONTENT_RANGE, "bytes %d-%d/%d".formatted(bytes.first(), bytes.last(), image.bytes()));
        headers.setContentLength(bytes.length());
        return stream(range);
    }

    private Mono<Void> whole(boolean withBytes) {
        headers.set("Content-Digest", digest());
        headers.setContentLength(image.bytes());
        return withBytes
                ? stream(RangeRequest.all(image.bytes()))
                : exchange.getResponse().setComplete();
    }

    private Mono<Void> stream(RangeRequest range) {
        return downloads.send(new ObjectKey(image.key()), range, exchange.getResponse());
    }

    private String digest() {
        var bytes = HexFormat.of().parseHex(image.sha256());
        return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
    }
}
