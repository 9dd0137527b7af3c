package io.atelier.acceptance.crash.fault;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A complete HTTP/1.1 request or response (RFC 9112) in its original bytes.
 *
 * @param head the head, up to and including the empty line
 * @param body the encoded body, including chunk headers, as ISO 8859-1 characters
 */
record HttpMessage(String head, String body) {

    private static final int MAX_HEAD_BYTES = 64 * 1024;

    /** Reads the next request; empty if the connection was closed. */
    static Optional<HttpMessage> request(InputStream in) throws IOException {
        var head = head(in);
        return head.isEmpty() ? Optional.empty() : Optional.of(new HttpMessage(head, body(in, head, false)));
    }

    /** Reads the response to a request. */
    static HttpMessage response(InputStream in, HttpMessage request) throws IOException {
        var head = head(in);
        if (head.isEmpty()) {
            throw new EOFException("The store closed the connection");
        }
        var response = new HttpMessage(head, "");
        boolean empty = request.method().equals("HEAD") || response.status() == 204 || response.status() == 304;
        return empty ? response : new HttpMessage(head, body(in, head, true));
    }

    String method() {
        return head.substring(0, head.indexOf(' '));
    }

    /** The path and query of a request. */
    String path() {
        return head.split(" ", 3)[1];
    }

    /** The status of a response. */
    int status() {
        return Integer.parseInt(head.split(" ", 3)[1].substring(0, 3));
    }

    byte[] bytes() {
        return (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
            if (head.length() > MAX_HEAD_BYTES) {
                throw new IOException("The head is longer than " + MAX_HEAD_BYTES + " bytes");
            }
        }
        return head.toString();
    }

    private static String body(InputStream in, String head, boolean untilClose) throws IOException {
        var length = header(head, "content-length");
        if (length.isPresent()) {
            return text(in, Integer.parseInt(length.get()));
        }
        if (header(head, "transfer-encoding").isPresent()) {
            return chunks(in);
        }
        return untilClose ? new String(in.readAllBytes(), StandardCharsets.ISO_8859_1) : "";
    }

    private static String chunks(InputStream in) throws IOException {
        var body = new StringBuilder();
        while (true) {
            var size = line(in);
            int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            body.append(size).append(text(in, length)).append(line(in));
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new EOFException("The connection was closed within a message");
            }
            line.write(next);
        } while (next != '\n');
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String text(InputStream in, int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The connection was closed within a message");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
