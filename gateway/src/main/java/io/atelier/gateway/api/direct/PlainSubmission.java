package io.atelier.gateway.api.direct;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What decides about the headers of the response to a plain request for a generation. A request with any header that may change its response, such
 * as a preference, an idempotency key, an origin or an id, is not plain.
 *
 * @param host the header, by which requests are refused
 * @param accept the header; empty if there is none
 */
record PlainSubmission(String host, String accept) {

    private static final String PATH = "/v1/generations";
    private static final String JSON = "application/json";

    /** The types for which the response is JSON, whatever is generated. */
    private static final Set<String> ACCEPTED = Set.of("", "*/*", JSON);

    private static final int MAX_HOST = 200;
    private static final int MAX_DIGITS = 9;

    /**
     * The plain request that begins here; empty if its response may depend on anything else, or if it is for something else.
     *
     * @param maxBody bytes; the request is not plain if its body is larger, or of unknown length
     */
    static Optional<PlainSubmission> of(HttpRequest request, int maxBody) {
        if (!request.method().equals(HttpMethod.POST)
                || !request.uri().equals(PATH)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !request.decoderResult().isSuccess()
                || request instanceof HttpContent) {
            return Optional.empty();
        }
        var read = new Headers(maxBody);
        var headers = request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            var header = headers.next();
            if (!read.add(
                    header.getKey().toString().toLowerCase(Locale.ROOT),
                    header.getValue().toString())) {
                return Optional.empty();
            }
        }
        return read.complete();
    }

    /** The headers that were read, each of which a plain request has once at most. */
    private static final class Headers {

        private final int maxBody;
        private String host = "";
        private String accept = "";
        private boolean hasAccept;
        private boolean isJson;
        private boolean hasLength;

        Headers(int maxBody) {
            this.maxBody = maxBody;
        }

        /** Whether the request is still a plain one with this header. */
        boolean add(String name, String value) {
            return switch (name) {
                case "host" -> {
                    boolean isFirst = host.isEmpty();
                    host = value;
                    yield isFirst && value.length() <= MAX_HOST;
                }
                case "accept" -> {
                    boolean isFirst = !hasAccept;
                    hasAccept = true;
                    accept = value;
                    yield isFirst && ACCEPTED.contains(value);
                }
                case "content-type" -> {
                    boolean isFirst = !isJson;
                    isJson = value.equalsIgnoreCase(JSON);
                    yield isFirst && isJson;
                }
                case "content-length" -> {
                    boolean isFirst = !hasLength;
                    hasLength = true;
                    yield isFirst && isSmall(value);
                }
                case "connection" -> value.equalsIgnoreCase("keep-alive");
                // Responses are the same for all of them, and are not compressed.
                case "user-agent", "accept-encoding" -> true;
                default -> false;
            };
        }

        private boolean isSmall(String length) {
            return !length.isEmpty()
                    && length.length() <= MAX_DIGITS
                    && length.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                    && Integer.parseInt(length) <= maxBody;
        }

        Optional<PlainSubmission> complete() {
            return !host.isEmpty() && isJson && hasLength
                    ? Optional.of(new PlainSubmission(host, accept))
                    : Optional.empty();
        }
    }
}
