package io.atelier.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request as the bytes that a client sends, and the exact response. One row of a table of hostile requests.
 *
 * @param name what is tried
 * @param bytes in ISO 8859-1: one character for each byte
 * @param statuses of all responses on the connection, in their order, such as {@code 400} or {@code 200 200}; a 202 stands for one new job, and
 *     nothing else may be published
 * @param code of the problem in the last response; empty if it has none
 */
record RawRequest(String name, String bytes, String statuses, String code) {

    static final String INVALID = "invalid-request";
    static final String INVALID_JSON = "invalid-json";
    static final String VALIDATION = "validation-failed";
    static final String NOT_FOUND = "not-found";

    private static final int MAX_NAME = 100;

    /** One row for each of the inputs, with the same response. */
    static Stream<RawRequest> each(String statuses, String code, Form form, String... inputs) {
        return Stream.of(inputs).map(input -> new RawRequest(input, form.of(input), statuses, code));
    }

    /** How an input is made a request. */
    interface Form {
        String of(String input);
    }

    /** A request without a body, on a connection that the server is to close. */
    static String send(String method, String target, String... headers) {
        var lines = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (var header : headers) {
            lines.append(header).append("\r\n");
        }
        return lines + "\r\n";
    }

    static String get(String target, String... headers) {
        return send("GET", target, headers);
    }

    /** A request with a body in UTF-8. */
    static String sendBody(String method, String target, String body, String... headers) {
        var utf8 = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        var all = Stream.concat(Stream.of(headers), Stream.of("Content-Length: " + utf8.length()));
        return send(method, target, all.toArray(String[]::new)) + utf8;
    }

    static String sendJson(String method, String target, String body, String... headers) {
        var all = Stream.concat(Stream.of("Content-Type: application/json"), Stream.of(headers));
        return sendBody(method, target, body, all.toArray(String[]::new));
    }

    /** Creates a generation. */
    static String createFrom(String body, String... headers) {
        return sendJson("POST", "/v1/generations", body, headers);
    }

    /** Creates a generation with a prompt and these fields. */
    static String createWith(String fields) {
        return createFrom("{\"prompt\": \"x\", " + fields + "}");
    }

    /** Creates a generation from a prompt, with these headers. */
    static String createUnder(String... headers) {
        return createFrom("{\"prompt\": \"x\"}", headers);
    }

    long newJobs() {
        return List.of(statuses.split(" ", -1)).stream().filter("202"::equals).count();
    }

    /** For the report of a test: without control characters, and not too long. */
    @Override
    public String toString() {
        var shown = new StringBuilder();
        name.codePoints()
                .limit(MAX_NAME)
                .forEach(point -> shown.append(
                        point >= ' ' && point <= '~' ? Character.toString(point) : "\\u%04x".formatted(point)));
        return shown + " -> " + statuses + " " + code;
    }
}
