package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.Base64Text;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import io.atelier.image.png.PngImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads responses of txt2img and img2img requests. Thread-safe. */
final class WebUiResponseReader {

    private static final Failure NO_IMAGE =
            new Failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");
    private static final int MAX_ERROR_LENGTH = 300;

    private final JsonMapper mapper = new JsonMapper();
    private final String engine;
    private final ProviderClient client;

    WebUiResponseReader(String engine, ProviderClient client) {
        this.engine = engine;
        this.client = client;
    }

    /**
     * Reads up to {@code n} images of a response; some servers return one whatever was requested.
     *
     * @param n the number of requested images
     * @throws GenerationFailed if the response is an error, or has no image
     */
    Txt2ImgResult result(ProviderResponse response, int n) {
        if (!response.successful()) {
            throw failure(response);
        }
        var json =
                response.json().orElseThrow(() -> response.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": no JSON."));
        var info = info(json.path("info"));
        // A grid of all images may come first, and images of extensions may come last.
        int first = info.path("index_of_first_image").asInt(0);
        var images = json.path("images");
        if (images.size() <= first) {
            throw response.failure(NO_IMAGE.code(), "%s: 0 of %d images received.".formatted(NO_IMAGE.message(), n));
        }
        var pixels = new ArrayList<PngImage>(n);
        for (int i = first; i < Math.min(first + n, images.size()); i++) {
            pixels.add(image(images.get(i).asString("")));
        }
        var model = info.path("sd_model_name").asString("");
        var hash = info.path("sd_model_hash").asString("");
        return new Txt2ImgResult(
                pixels, seeds(info), model, hash, info.path("sampler_name").asString(""));
    }

    /** The server's description of the images: a JSON object within a string. */
    private JsonNode info(JsonNode text) {
        try {
            return mapper.readTree(text.asString("{}"));
        } catch (JacksonException e) {
            // Compatible servers use other formats; the images do not depend on it.
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static List<Long> seeds(JsonNode info) {
        var seeds = new ArrayList<Long>();
        info.path("all_seeds").forEach(seed -> seeds.add(seed.asLong(0)));
        return seeds;
    }

    private PngImage image(String base64) {
        try {
            return client.decode(Base64Text.decode(base64), NO_IMAGE);
        } catch (IllegalArgumentException e) {
            throw new GenerationFailed(NO_IMAGE.withMessage(NO_IMAGE.message() + ": an image is not base64."), e);
        }
    }

    private GenerationFailed failure(ProviderResponse response) {
        var error = error(response);
        return switch (response.status()) {
            case 401, 403 ->
                response.failure(
                        Code.PROVIDER_AUTH,
                        "The server does not accept its user and password. Check %1$s.servers.%2$s.user and %1$s.servers.%2$s.password."
                                .formatted(Automatic1111Properties.PREFIX, engine));
            case 404 -> notFound(response, error);
            case 405 -> response.failure(Code.METHOD_NOT_ALLOWED, "Invalid request method");
            case 429 -> response.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later.");
            default -> response.status() >= 500 ? serverError(response, error) : rejected(response, error);
        };
    }

    private static GenerationFailed notFound(ProviderResponse response, String error) {
        return error.isEmpty() || error.equals("Not Found")
                ? response.failure(
                        Code.NOT_CONFIGURED,
                        "There is no API at the server's address. Check the address, and start the server with --api.")
                : rejected(response, error);
    }

    private static GenerationFailed rejected(ProviderResponse response, String error) {
        return response.failure(
                Code.REQUEST_REJECTED,
                error.isEmpty()
                        ? "Image generation failed with status " + response.status()
                        : "Invalid request: " + error);
    }

    private static GenerationFailed serverError(ProviderResponse response, String error) {
        if (error.toLowerCase(Locale.ROOT).replace(" ", "").contains("outofmemory")) {
            return response.failure(
                    Code.OUT_OF_MEMORY,
                    "The server's GPU has too little memory for this request. Ask for a smaller image, or for fewer"
                            + " images. The server's message: "
                            + error);
        }
        return response.failure(
                Code.PROVIDER_ERROR,
                error.isEmpty()
                        ? "Image generation service error. Please try again later."
                        : "Service error: " + error);
    }

    /** The error message: FastAPI's {@code detail}, a string or a list of fields; from status 500 on also {@code error} and {@code errors}. */
    private static String error(ProviderResponse response) {
        var json = response.json().filter(JsonNode::isObject);
        if (json.isEmpty()) {
            return "";
        }
        var parts = new ArrayList<String>();
        var detail = json.get().path("detail");
        detail.forEach(field -> parts.add("%s: %s"
                .formatted(
                        field.path("loc").path(field.path("loc").size() - 1).asString(""),
                        field.path("msg").asString(""))));
        parts.add(detail.isString() ? detail.asString() : "");
        if (response.status() >= 500) {
            parts.add(0, json.get().path("error").asString(""));
            parts.add(json.get().path("errors").asString(""));
        }
        parts.removeIf(String::isBlank);
        return RedactedText.singleLine(String.join(", ", parts), MAX_ERROR_LENGTH);
    }
}
