package io.atelier.generator.engine.openai.wire;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.Base64Text;
import io.atelier.generator.provider.ContentFilter;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.image.png.PngImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and validates responses of OpenAI's images API. Thread-safe. */
public final class OpenAiResponseReader {

    private static final String NO_IMAGE = "Invalid response from image generation service";
    private static final String INVALID = "Invalid response format: ";

    private final ProviderClient client;
    private final HttpUrl server;
    private final boolean allowsUrls;
    private final String keySetting;

    /**
     * @param allowsUrls whether the server may answer with URLs of images instead of the images
     * @param keySetting the name of the setting of the key, for error messages
     */
    public OpenAiResponseReader(ProviderClient client, HttpUrl server, boolean allowsUrls, String keySetting) {
        this.client = client;
        this.server = server;
        this.allowsUrls = allowsUrls;
        this.keySetting = keySetting;
    }

    /**
     * Reads up to {@code n} images from the response. Does not block, except for memory to decode them.
     *
     * @param usage receives what the server says it used, also if the response is an error or cannot be read: that was charged as well
     * @return at least one image, since some servers return one whatever was requested; those behind URLs are still to be loaded
     * @throws GenerationFailed if the response is an error, has no image, or says that the content filter took one out; the failure's code
     *     decides about a retry
     */
    public PendingImages read(ProviderResponse response, int n, Consumer<ProviderUsage> usage) {
        var bodies = bodies(response);
        OpenAiUsage.of(
                        bodies,
                        isStream(response)
                                ? finalImages(bodies).size()
                                : entries(bodies).size())
                .ifPresent(usage);
        if (!response.successful()) {
            return failed(response, OpenAiErrorResponse.of(response, keySetting));
        }
        var entries = imageEntries(response, bodies);
        if (entries.isEmpty()) {
            throw response.failure(Code.INVALID_RESPONSE, INVALID + "missing data");
        }
        var images = new ArrayList<PendingImages.One>();
        for (var entry : entries.subList(0, Math.min(n, entries.size()))) {
            images.add(image(entry, response));
        }
        return run -> images.stream().map(one -> one.load(run)).toList();
    }

    /** Throws a permanent failure only when the images are loaded, because the call is over then and is not retried. */
    private static PendingImages failed(ProviderResponse response, OpenAiErrorResponse error) {
        var failure = response.failure(error.code(), error.message());
        if (error.isPermanent()) {
            return run -> {
                throw failure;
            };
        }
        throw failure;
    }

    private static boolean isStream(ProviderResponse response) {
        return response.mediaType().equals("text/event-stream");
    }

    /** The events of a stream, or the body; empty if it is no JSON. */
    private static List<JsonNode> bodies(ProviderResponse response) {
        return isStream(response)
                ? OpenAiEventStream.events(new String(response.body(), StandardCharsets.UTF_8))
                : response.json().stream().toList();
    }

    private static List<JsonNode> finalImages(List<JsonNode> events) {
        return events.stream().filter(OpenAiEventStream::isImage).toList();
    }

    /** The entries of bodies that have an image. */
    private static List<JsonNode> entries(List<JsonNode> bodies) {
        return bodies.stream()
                .flatMap(body -> body.path("data").valueStream())
                .filter(entry -> !lacksImage(entry))
                .toList();
    }

    /** Where the images are, in order. */
    private static List<JsonNode> imageEntries(ProviderResponse response, List<JsonNode> bodies) {
        if (isStream(response)) {
            bodies.stream().filter(OpenAiEventStream::isError).findFirst().ifPresent(event -> {
                throw failure(response, event, Code.PROVIDER_ERROR);
            });
            return finalImages(bodies);
        }
        var entries = new ArrayList<JsonNode>();
        for (var body : bodies) {
            body.path("data").forEach(entries::add);
            boolean lacksImages = entries.isEmpty() || entries.stream().anyMatch(OpenAiResponseReader::lacksImage);
            if (OpenAiErrorResponse.isIn(body) || (lacksImages && ContentFilter.refused(body))) {
                throw failure(response, body, Code.INVALID_RESPONSE);
            }
        }
        return entries;
    }

    private static GenerationFailed failure(ProviderResponse response, JsonNode body, Code otherwise) {
        var error = OpenAiErrorResponse.withinSuccess(body, otherwise);
        return response.failure(error.code(), error.message());
    }

    private static boolean lacksImage(JsonNode entry) {
        return entry.path("b64_json").asString("").isEmpty()
                && entry.path("url").asString("").isEmpty();
    }

    private PendingImages.One image(JsonNode entry, ProviderResponse response) {
        var inline = entry.path("b64_json").asString("");
        var address = entry.path("url").asString("");
        var base64 = inline.isEmpty() && Base64Text.isDataUrl(address) ? address : inline;
        if (!base64.isEmpty()) {
            var pixels = client.decode(bytes(base64, response), noImage(response));
            return run -> pixels;
        }
        @Nullable HttpUrl url = allowsUrls ? server.resolve(address) : null;
        if (url == null || address.isEmpty()) {
            throw response.failure(Code.INVALID_RESPONSE, INVALID + "missing b64_json");
        }
        return run -> client.downloadImage(url.toString(), run, noImage(response));
    }

    private static byte[] bytes(String base64, ProviderResponse response) {
        try {
            return Base64Text.decode(base64);
        } catch (IllegalArgumentException e) {
            throw response.failure(Code.INVALID_RESPONSE, INVALID + "b64_json is not base64");
        }
    }

    private static Failure noImage(ProviderResponse response) {
        return response.failure(Code.INVALID_RESPONSE, NO_IMAGE).failure();
    }

    /** The images of a response. Those for which the response has only URLs are fetched when they are loaded. */
    @FunctionalInterface
    public interface PendingImages {

        /** The images, in order. May block. */
        List<PngImage> load(GenerationRun run);

        /** One image. */
        @FunctionalInterface
        interface One {

            /** The image. May block. */
            PngImage load(GenerationRun run);
        }
    }
}
