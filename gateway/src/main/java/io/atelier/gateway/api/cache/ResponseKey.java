package io.atelier.gateway.api.cache;

import io.atelier.contract.job.JobId;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;
import java.util.Optional;

/**
 * What decides about the response to a plain request for a generation or one of its images. A request with any header that may change its
 * response, such as a condition, a range, an origin or an id, is not plain.
 *
 * @param job of the generation
 * @param path behind the id; empty for the generation itself
 * @param host the header, by which requests are refused
 * @param accept the header; empty if there is none
 */
record ResponseKey(JobId job, String path, String host, String accept) {

    private static final String PREFIX = "/v1/generations/";
    private static final int MAX_LENGTH = 200;

    /** The key of a request; empty if its response may depend on anything else, or if it does not ask for a generation. */
    static Optional<ResponseKey> of(HttpRequest request) {
        var target = request.uri();
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !target.startsWith(PREFIX)
                || target.length() > MAX_LENGTH
                || target.indexOf('?') >= 0
                || !request.decoderResult().isSuccess()) {
            return Optional.empty();
        }
        String host = "";
        String accept = "";
        int hosts = 0;
        var headers = request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            var header = headers.next();
            var value = header.getValue().toString();
            switch (header.getKey().toString().toLowerCase(Locale.ROOT)) {
                case "host" -> {
                    host = value;
                    hosts++;
                }
                case "accept" -> {
                    if (!accept.isEmpty() || value.length() > MAX_LENGTH) {
                        return Optional.empty();
                    }
                    accept = value;
                }
                case "connection" -> {
                    if (!value.equalsIgnoreCase("keep-alive")) {
                        return Optional.empty();
                    }
                }
                case "content-length" -> {
                    if (!value.equals("0")) {
                        return Optional.empty();
                    }
                }
                case "user-agent", "accept-encoding" -> {
                    // Responses are the same for all of them, and are not compressed.
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        if (hosts != 1) {
            return Optional.empty();
        }
        return of(target, host, accept);
    }

    private static Optional<ResponseKey> of(String target, String host, String accept) {
        int end = target.indexOf('/', PREFIX.length());
        var id = end < 0 ? target.substring(PREFIX.length()) : target.substring(PREFIX.length(), end);
        var path = end < 0 ? "" : target.substring(end);
        return JobId.parse(id).map(job -> new ResponseKey(job, path, host, accept));
    }

    /** Whether the request is for the state of the job. */
    boolean isState() {
        return path.isEmpty();
    }

    /** The bytes of memory that it takes, roughly. */
    int weight() {
        return 2 * (path.length() + host.length() + accept.length());
    }
}
