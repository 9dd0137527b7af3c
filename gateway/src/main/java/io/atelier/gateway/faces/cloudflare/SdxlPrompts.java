package io.atelier.gateway.faces.cloudflare;

import io.atelier.contract.digest.Sha256;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.StrictJson;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The prompts in the bodies of POST requests with a key. Thread-safe. */
final class SdxlPrompts implements CloudflareHandler.PromptSource {

    private static final Pattern BEARER = Pattern.compile("(?i)Bearer +(\\S+) *");

    private final String keyDigest;
    private final BoundedBodyReader bodies;

    SdxlPrompts(String key, BoundedBodyReader bodies) {
        this.keyDigest = Sha256.of(key).hex();
        this.bodies = bodies;
    }

    @Override
    public Mono<String> read(ServerWebExchange exchange) {
        return Mono.defer(() -> isAuthorized(exchange.getRequest().getHeaders())
                ? bodies.read(exchange.getRequest()).map(SdxlPrompts::prompt)
                : Mono.error(CloudflareErrors.unauthorized()));
    }

    private boolean isAuthorized(HttpHeaders headers) {
        var sent = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (sent.size() != 1) {
            return false;
        }
        var bearer = BEARER.matcher(sent.get(0));
        // Of digests, so that the time does not depend on how much of a wrong key is right.
        return bearer.matches() && keyDigest.equals(Sha256.of(bearer.group(1)).hex());
    }

    private static String prompt(byte[] body) {
        var prompt = parsed(body).path("prompt");
        if (!prompt.isString() || prompt.stringValue().isBlank()) {
            throw CloudflareErrors.noPrompt("Send JSON with a prompt: {\"prompt\": \"a castle\"}");
        }
        return prompt.stringValue();
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return StrictJson.parse(body);
        } catch (Problem problem) {
            throw CloudflareErrors.noPrompt(problem.detail());
        }
    }
}
