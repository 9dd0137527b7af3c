package io.atelier.gateway.faces.cloudflare;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The prompts in the queries of GET requests. Any web page can make a browser send such a request, so those that come from another site are refused.
 * Thread-safe.
 */
final class FluxPrompts implements CloudflareHandler.PromptSource {

    private static final String PROMPT = "prompt";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    @Override
    public Mono<String> read(ServerWebExchange exchange) {
        return Mono.defer(() -> {
            var request = exchange.getRequest();
            if (isOfOtherSite(request.getHeaders())) {
                return Mono.error(CloudflareErrors.otherSite());
            }
            var prompts = request.getQueryParams().getOrDefault(PROMPT, List.of());
            var prompt = prompts.size() == 1 ? prompts.get(0) : null;
            return prompt == null || prompt.isBlank()
                    ? Mono.error(CloudflareErrors.noPrompt("Send one prompt: ?prompt=a%20castle"))
                    : Mono.just(prompt);
        });
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
