package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Posts JSON to a server that writes prompts, with a timeout. Usable without an address: each call fails then. */
final class PromptServer {

    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final Endpoint endpoint;
    private final @Nullable HttpUrl base;
    private final Duration timeout;
    private final ProviderClient client;

    /**
     * Creates the client of one server.
     *
     * @param name for messages, such as {@code Flowise}
     * @throws IllegalArgumentException if its address is not an http or https URL
     */
    PromptServer(String name, Endpoint endpoint, Duration timeout, ProviderClient client) {
        this.name = name;
        this.endpoint = endpoint;
        this.base = ProviderClients.address(endpoint.url, endpoint.setting).orElse(null);
        this.timeout = timeout;
        this.client = client;
    }

    /**
     * Address and token of a server.
     *
     * @param url blank if there is none
     * @param setting the name of the url's setting and of its environment variable, for messages
     * @param token sent as a bearer token, unless it is blank
     */
    record Endpoint(String url, String setting, String token) {

        /** Without address and token, which may be secret. */
        @Override
        public String toString() {
            return setting;
        }
    }

    /**
     * Posts a body once and converts the response.
     *
     * @param path below the address of the server
     * @param body is sent as JSON
     * @param reader converts a response of any status, or throws a failure
     * @throws GenerationFailed if the address is not set, if there is no response, or if the reader throws it
     */
    <T> T post(String path, Object body, GenerationRun run, Function<ProviderResponse, T> reader) {
        try {
            return client.callOnce(request(path, body), run, timeout, reader);
        } catch (GenerationFailed e) {
            throw new GenerationFailed(withServerName(e.failure(), ""), e);
        }
    }

    /** Like {@link #post}, with the retries and the timeouts of the client's settings; each call is counted by the run. */
    <T> T postWithRetries(String path, Object body, GenerationRun run, Function<ProviderResponse, T> reader) {
        try {
            return client.call(request(path, body), run, reader);
        } catch (GenerationFailed e) {
            throw new GenerationFailed(withServerName(e.failure(), " (timeout)"), e);
        }
    }

    private Request request(String path, Object body) {
        if (base == null) {
            throw notConfigured(endpoint.setting);
        }
        var request = new Request.Builder()
                .url(base.newBuilder().addPathSegments(path).build())
                .post(RequestBody.create(JSON.writeValueAsString(body), JSON_TYPE));
        if (!endpoint.token.isBlank()) {
            request.header("Authorization", "Bearer " + endpoint.token);
        }
        return request.build();
    }

    /** The failure for a setting that is required and not set. */
    static GenerationFailed notConfigured(String setting) {
        return new GenerationFailed(new Failure(Code.NOT_CONFIGURED, "%s is not set.".formatted(setting)));
    }

    /** @param suffix of the message for a timeout: some clients search for "timeout", others for "timed out" */
    private Failure withServerName(Failure failure, String suffix) {
        return switch (failure.code()) {
            case PROVIDER_TIMEOUT ->
                failure.withMessage("%s prompt generation timed out after %ss%s".formatted(name, seconds(), suffix));
            case NETWORK_ERROR -> failure.withMessage("%s could not be reached.".formatted(name));
            default -> failure;
        };
    }

    private String seconds() {
        return timeout.toMillis() % 1000 == 0
                ? Long.toString(timeout.toSeconds())
                : Double.toString(timeout.toMillis() / 1000.0);
    }
}
