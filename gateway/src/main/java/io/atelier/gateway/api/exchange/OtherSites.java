package io.atelier.gateway.api.exchange;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Recognises requests that web pages of other sites made a browser send: any page can do that for a GET, for example with the address of an image. */
public final class OtherSites {

    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private OtherSites() {}

    /** Whether a page of another site made a browser send the request. */
    public static boolean sent(ServerHttpRequest request) {
        return isOfOtherSite(request.getHeaders());
    }

    /** Browsers send {@code Sec-Fetch-Site} to loopback addresses and over TLS; older ones, and to other addresses, at least one of the others. */
    private static boolean isOfOtherSite(HttpHeaders headers) {
        var site = headers.getFirst("Sec-Fetch-Site");
        if (site != null) {
            return !OWN_SITE.contains(site);
        }
        var host = headers.getFirst(HttpHeaders.HOST);
        return isOther(headers.getFirst(HttpHeaders.ORIGIN), host)
                || isOther(headers.getFirst(HttpHeaders.REFERER), host);
    }

    private static boolean isOther(@Nullable String page, @Nullable String host) {
        if (page == null) {
            return false;
        }
        try {
            var authority = URI.create(page).getRawAuthority();
            return authority == null
                    || host == null
                    || !authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
