package io.atelier.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Decides whether a request that changes something may come from the web page that sent it. Browsers send a form or a text across sites
 * without asking first, so the answer to a preflight does not protect against those. Clients that are no browsers send neither
 * {@code Sec-Fetch-Site} nor {@code Origin}, and are not restricted. Immutable.
 */
final class AllowedOrigins {

    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final CorsOrigins origins;

    AllowedOrigins(CorsOrigins origins) {
        this.origins = origins;
    }

    /** The setting that lists the origins. */
    String setting() {
        return origins.setting();
    }

    /** Whether no origin but the listener's own is allowed. */
    boolean isEmpty() {
        return origins.listed().isEmpty();
    }

    /** Whether the settings name the origin. */
    boolean contains(@Nullable String origin) {
        var listed = origins.listed();
        return origin != null && (listed.contains("*") || listed.contains(origin.toLowerCase(Locale.ROOT)));
    }

    /** Whether the request changes nothing, or comes from an own page, an allowed page, or no page at all. */
    boolean accept(ServerHttpRequest request) {
        if (SAFE.contains(request.getMethod())) {
            return true;
        }
        var headers = request.getHeaders();
        var site = headers.getFirst(SEC_FETCH_SITE);
        var origin = headers.getFirst(HttpHeaders.ORIGIN);
        // Sent by the browser itself, and right also behind a proxy that changes the header Host.
        if ((site != null && OWN_SITE.contains(site)) || contains(origin)) {
            return true;
        }
        return site == null && (origin == null || isOwn(origin, headers.getFirst(HttpHeaders.HOST)));
    }

    /** Whether origin and host are equal. The scheme is not compared, because a proxy may have ended TLS. */
    private static boolean isOwn(String origin, @Nullable String host) {
        if (host == null) {
            return false;
        }
        try {
            var page = URI.create(origin);
            var own = URI.create(page.getScheme() + "://" + host);
            return page.getHost() != null && page.getHost().equalsIgnoreCase(own.getHost()) && port(page) == port(own);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
}
