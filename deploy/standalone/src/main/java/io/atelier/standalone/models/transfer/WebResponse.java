package io.atelier.standalone.models.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A response whose body has not been read. Closing it ends its connection. */
public final class WebResponse implements AutoCloseable {

    private static final int ERROR_STATUS = 400;
    private static final int LONGEST_ERROR = 4_096;

    private final HttpURLConnection connection;
    private final URI address;
    private final int status;

    WebResponse(HttpURLConnection connection, URI address, int status) {
        this.connection = connection;
        this.address = address;
        this.status = status;
    }

    /** The address that answered, after redirects. */
    public URI address() {
        return address;
    }

    public int status() {
        return status;
    }

    public boolean isError() {
        return status >= ERROR_STATUS;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(connection.getHeaderField(name));
    }

    /**
     * What the server calls this version of the file; empty if it does not say. A weak entity tag does not promise equal bytes, so it does not count.
     */
    public String version() {
        return header("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .or(() -> header("Last-Modified"))
                .orElse("");
    }

    /** The length that the server announced in bytes; -1 if it did not. */
    public long length() {
        return connection.getContentLengthLong();
    }

    InputStream body() throws IOException {
        return connection.getInputStream();
    }

    /** The beginning of the body of an error; empty if there is none. */
    public String errorText() {
        try (var body = connection.getErrorStream()) {
            return body == null ? "" : new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
