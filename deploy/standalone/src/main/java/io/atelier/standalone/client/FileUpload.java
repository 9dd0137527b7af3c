package io.atelier.standalone.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** The multipart form that uploads a file; the file is read while it is sent. */
final class FileUpload {

    private FileUpload() {}

    /** Adds the form to a request. */
    static HttpRequest.Builder addTo(HttpRequest.Builder request, Path file) {
        var boundary = "atelier-" + UUID.randomUUID();
        var head = "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"image\"\r\n".formatted(boundary)
                + "Content-Type: application/octet-stream\r\n\r\n";
        var tail = "\r\n--%s--\r\n".formatted(boundary);
        try {
            return request.header("Content-Type", "multipart/form-data; boundary=" + boundary)
                    .POST(BodyPublishers.concat(text(head), BodyPublishers.ofFile(file), text(tail)));
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }

    private static HttpRequest.BodyPublisher text(String part) {
        return BodyPublishers.ofString(part, StandardCharsets.US_ASCII);
    }
}
