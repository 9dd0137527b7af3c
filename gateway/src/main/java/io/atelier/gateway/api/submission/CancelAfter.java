package io.atelier.gateway.api.submission;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The header {@code Cancel-After}, see {@link CancelAfterParameter}. */
public final class CancelAfter {

    private CancelAfter() {}

    /** The duration as the client wrote it; null if the header is missing. */
    public static @Nullable String of(ServerHttpRequest request) {
        // Two values are no duration together, and are refused as one.
        var values = request.getHeaders().getOrEmpty(CancelAfterParameter.HEADER);
        return values.isEmpty() ? null : String.join(", ", values);
    }
}
