package io.atelier.gateway.api.exchange;

import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/**
 * Puts the path below which a proxy offers this gateway, the header {@code X-Forwarded-Prefix}, before the paths in responses. All other headers of
 * proxies are ignored: a client that sets the host of a response could lead its reader elsewhere, while a prefix stays within the same host.
 */
public final class ForwardedPrefix extends ForwardedHeaderTransformer {

    private static final String HEADER = "X-Forwarded-Prefix";

    /** Segments without any character that would need an escape, none of them empty: a path that begins with two slashes names a host. */
    private static final Pattern PREFIX = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+){1,16}");

    private static final int MAX_LENGTH = 256;

    @Override
    public ServerHttpRequest apply(ServerHttpRequest request) {
        var values = request.getHeaders().getOrEmpty(HEADER);
        if (values.size() != 1) {
            return request;
        }
        var prefix = values.get(0).strip().replaceFirst("/$", "");
        if (prefix.length() > MAX_LENGTH || !PREFIX.matcher(prefix).matches()) {
            return request;
        }
        return request.mutate()
                .path(prefix + request.getURI().getRawPath())
                // The gateway itself may be below a path too.
                .contextPath(prefix + request.getPath().contextPath().value())
                .build();
    }
}
