package io.atelier.gateway.faces.cloudflare;

import io.atelier.gateway.api.exchange.OtherSites;
import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The prompts in the queries of GET requests. Any web page can make a browser send such a request, so those that come from another site are refused.
 * Thread-safe.
 */
final class FluxPrompts implements CloudflareHandler.PromptSource {

    private static final String PROMPT = "prompt";

    @Override
    public Mono<String> read(ServerWebExchange exchange) {
        return Mono.defer(() -> {
            var request = exchange.getRequest();
            if (OtherSites.sent(request)) {
                return Mono.error(CloudflareErrors.otherSite());
            }
            var prompts = request.getQueryParams().getOrDefault(PROMPT, List.of());
            var prompt = prompts.size() == 1 ? prompts.get(0) : null;
            return prompt == null || prompt.isBlank()
                    ? Mono.error(CloudflareErrors.noPrompt("Send one prompt: ?prompt=a%20castle"))
                    : Mono.just(prompt);
        });
    }
}
