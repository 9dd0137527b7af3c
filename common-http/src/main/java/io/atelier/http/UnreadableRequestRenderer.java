package io.atelier.http;

import java.nio.ByteBuffer;
import org.springframework.http.HttpHeaders;

/** Renders the responses to what is no request that the server can read. Called on the threads of connections, so it must not block. Thread-safe. */
@FunctionalInterface
public interface UnreadableRequestRenderer {

    /** The response, whose status is that of the request's kind. */
    Rendered render(UnreadableRequest request);

    /**
     * A response.
     *
     * @param headers all of them, without those of the connection
     * @param body not changed afterwards
     */
    record Rendered(HttpHeaders headers, ByteBuffer body) {}
}
