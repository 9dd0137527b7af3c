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

/** A server that writes prompts, if an operator has said where it is: JSON is posted to it, once, and for a bounded time. */
final class PromptServer {

    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final Place place;
    private final @Nullable HttpUrl base;
    private final Duration timeout;
    private final ProviderClient remote;

    /**
     * A server.
     *
     * @param name for people, such as {@code Flowise}
     * @throws IllegalArgumentException if its address is no web address
     */
    PromptServer(String name, Place place, Duration timeout, ProviderClient remote) {
        this.name = name;
        this.place = place;
        this.base = ProviderClients.address(place.url, place.setting).orElse(null);
        this.timeout = timeout;
        this.remote = remote;
    }

    /**
     * Where a server is.
     *
     * @param url may be blank
     * @param setting the name of the url's setting and of its environment variable, for messages
     * @param token shown as a bearer token, unless it is blank
     */
    record Place(String url, String setting, String token) {

        /** Without secrets. */
        @Override
        public String toString() {
            return setting;
        }
    }

    /**
     * What the reader makes of the answer.
     *
     * @param path below the server's address
     * @throws GenerationFailed if there is no answer, or as the reader throws
     */
    <T> T ask(String path, Object body, GenerationRun run, Function<ProviderResponse, T> reader) {
        if (base == null) {
            throw missing(place.setting);
        }
        var request = new Request.Builder()
                .url(base.newBuilder().addPathSegments(path).build())
                .post(RequestBody.create(JSON.writeValueAsString(body), JSON_TYPE));
        if (!place.token.isBlank()) {
            request.header("Authorization", "Bearer " + place.token);
        }
        try {
            return remote.ask(request.build(), run, timeout, reader);
        } catch (GenerationFailed e) {
            throw new GenerationFailed(inOwnWords(e.failure()), e);
        }
    }

    /** A setting without which it cannot be asked. */
    static GenerationFailed missing(String setting) {
        return new GenerationFailed(new Failure(Code.NOT_CONFIGURED, "%s is not set.".formatted(setting)));
    }

    private Failure inOwnWords(Failure failure) {
        return switch (failure.code()) {
            case PROVIDER_TIMEOUT ->
                failure.inWords("%s prompt generation timed out after %ss".formatted(name, seconds()));
            case NETWORK_ERROR -> failure.inWords("%s could not be reached.".formatted(name));
            default -> failure;
        };
    }

    private String seconds() {
        return timeout.toMillis() % 1000 == 0
                ? Long.toString(timeout.toSeconds())
                : Double.toString(timeout.toMillis() / 1000.0);
    }
}
