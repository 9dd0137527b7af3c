package io.atelier.gateway.api.direct;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.atelier.gateway.api.direct.DirectSubmissions.Accepted;
import io.atelier.gateway.api.problem.RequestIdFilter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Responses for new jobs that the framework does not make: with the headers that it gave to another new job, for a request with the same host and the
 * same accepted types, since both decide whether and how it answers. Thread-safe.
 */
final class AcceptedResponses {

    private static final int MAX_FORMS = 100;

    private final Cache<PlainSubmission, HttpHeaders> headers = Caffeine.newBuilder()
            .maximumSize(MAX_FORMS)
            // On the calling thread: there is nothing to do later.
            .executor(Runnable::run)
            .build();

    private final Supplier<String> requestIds;

    /** @param requestIds makes the id of a request */
    AcceptedResponses(Supplier<String> requestIds) {
        this.requestIds = requestIds;
    }

    /** Learns the headers of the framework's response of status 202. */
    void learn(PlainSubmission request, HttpHeaders response) {
        if (headers(request).isEmpty()) {
            headers.put(
                    request,
                    response.copy()
                            .remove(RequestIdFilter.HEADER)
                            .remove(HttpHeaderNames.LOCATION)
                            .remove(HttpHeaderNames.RETRY_AFTER));
        }
    }

    /** The headers of the responses to such requests; empty if the framework has accepted none yet. */
    Optional<HttpHeaders> headers(PlainSubmission request) {
        return Optional.ofNullable(headers.getIfPresent(request));
    }

    /** The response for a new job. */
    FullHttpResponse response(HttpHeaders known, Accepted accepted) {
        return accepted.message(known, requestIds.get());
    }
}
