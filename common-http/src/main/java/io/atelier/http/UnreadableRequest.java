package io.atelier.http;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * What arrived on a connection and is no request that the server can read. No handler of the service sees it, and the connection is closed after the response.
 *
 * @param kind of the fault
 * @param detail what is wrong, what is allowed, what to do
 * @param path of the request, without its query; empty if it could not be read
 * @param requestId the header {@code x-request-id} of the request; null if it has none or could not be read
 */
public record UnreadableRequest(
        Kind kind, String detail, String path, @Nullable String requestId) {

    /** The kinds of faults. */
    public enum Kind {
        /** It breaks the rules of HTTP/1.1. */
        MALFORMED(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request"),
        /** The request line is longer than the server reads. */
        TARGET_TOO_LONG(HttpStatus.URI_TOO_LONG, "uri-too-long", "Request target too long"),
        /** The header fields are larger than the server reads. */
        HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", "Header fields too large");

        private final HttpStatus status;
        private final String code;
        private final String title;

        Kind(HttpStatus status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        /** The status of the response. */
        public HttpStatus status() {
            return status;
        }

        /** The last part of the problem's type, such as {@code uri-too-long}. */
        public String code() {
            return code;
        }

        String title() {
            return title;
        }
    }
}
