package io.atelier.gateway.faces.cloudflare;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The prompts in the bodies of POST requests with a key. Thread-safe. */
final class SdxlPrompts implements CloudflareHandler.PromptSource {

    private static final Pattern BEARER = Pattern.compile("(?i)Bearer +(\\S+) *");

    private final byte[] key;
    private final BoundedBodyReader bodies;

    SdxlPrompts(String key, BoundedBodyReader bodies) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
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
        // Takes the same time for every wrong key.
        return bearer.matches() && MessageDigest.isEqual(key, bearer.group(1).getBytes(StandardCharsets.UTF_8));
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
