package io.atelier.generator.engine.openai.wire;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads answers of OpenAI's images API, and trusts none. Thread-safe. */
public final class OpenAiResponseReader {

    private static final String NO_IMAGE = "Invalid response from image generation service";
    private static final String INVALID = "Invalid response format: ";

    private final ProviderClient remote;
    private final HttpUrl server;
    private final boolean addresses;
    private final String keySetting;

    /**
     * @param addresses whether the server may name its pictures by address instead of sending them
     * @param keySetting where the key is set, for people
     */
    public OpenAiResponseReader(ProviderClient remote, HttpUrl server, boolean addresses, String keySetting) {
        this.remote = remote;
        this.server = server;
        this.addresses = addresses;
        this.keySetting = keySetting;
    }

    /**
     * Takes so many pictures from the answer.
     *
     * @return what is left to do once the call is over
     */
    public Rest read(ProviderResponse answer, int n) {
        if (!answer.successful()) {
            return refused(answer, OpenAiErrorResponse.of(answer, keySetting));
        }
        var entries = entries(answer);
        if (entries.size() < n) {
            var counted = entries.isEmpty() ? "" : ": %d of %d pictures came".formatted(entries.size(), n);
            throw answer.failure(Code.INVALID_RESPONSE, INVALID + "missing data" + counted);
        }
        var images = new ArrayList<Rest.One>();
        for (var entry : entries.subList(0, n)) {
            images.add(image(entry, answer));
        }
        return run -> images.stream().map(one -> one.finish(run)).toList();
    }

    private static Rest refused(ProviderResponse answer, OpenAiErrorResponse refusal) {
        var failed = answer.failure(refusal.code(), refusal.message());
        if (refusal.lasting()) {
            return run -> {
                throw failed;
            };
        }
        throw failed;
    }

    private static List<JsonNode> entries(ProviderResponse answer) {
        if (answer.mediaType().equals("text/event-stream")) {
            var events = OpenAiEventStream.events(new String(answer.body(), StandardCharsets.UTF_8));
            events.stream().filter(OpenAiEventStream::isError).findFirst().ifPresent(event -> {
                var refusal = OpenAiErrorResponse.within(event);
                throw answer.failure(refusal.code(), refusal.message());
            });
            return events.stream().filter(OpenAiEventStream::isImage).toList();
        }
        var entries = new ArrayList<JsonNode>();
        answer.json().ifPresent(body -> {
            if (body.hasNonNull("error")) {
                throw answer.failure(
                        Code.INVALID_RESPONSE,
                        "Image generation failed: "
                                + OpenAiErrorResponse.within(body).message());
            }
            body.path("data").forEach(entries::add);
        });
        return entries;
    }

    private Rest.One image(JsonNode entry, ProviderResponse answer) {
        var base64 = entry.path("b64_json").asString("");
        if (!base64.isEmpty()) {
            var pixels = remote.image(bytes(base64, answer), invalid(answer));
            return run -> pixels;
        }
        @Nullable HttpUrl address = addresses ? server.resolve(entry.path("url").asString("")) : null;
        if (address == null || !entry.hasNonNull("url")) {
            throw answer.failure(Code.INVALID_RESPONSE, INVALID + "missing b64_json");
        }
        return run -> remote.fetch(address.toString(), run, invalid(answer));
    }

    private static byte[] bytes(String base64, ProviderResponse answer) {
        int comma = base64.startsWith("data:") ? base64.indexOf(',') : -1;
        try {
            return Base64.getMimeDecoder().decode(base64.substring(comma + 1));
        } catch (IllegalArgumentException e) {
            throw answer.failure(Code.INVALID_RESPONSE, INVALID + "b64_json is not base64");
        }
    }

    private static Failure invalid(ProviderResponse answer) {
        return answer.failure(Code.INVALID_RESPONSE, NO_IMAGE).failure();
    }

    /** What is left of an answer: pictures that it only named are still to be fetched, which may block. */
    @FunctionalInterface
    public interface Rest {

        /** The pictures, in order. */
        List<BufferedImage> finish(GenerationRun run);

        /** The same for one picture. */
        @FunctionalInterface
        interface One {

            /** The picture. */
            BufferedImage finish(GenerationRun run);
        }
    }
}
