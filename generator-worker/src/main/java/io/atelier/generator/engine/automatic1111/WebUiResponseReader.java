package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes pictures or failures of what the server answers. */
final class WebUiResponseReader {

    private static final Failure NO_IMAGE =
            new Failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");
    private static final int LONGEST = 300;

    private final JsonMapper mapper = new JsonMapper();
    private final String engine;
    private final ProviderClient remote;

    WebUiResponseReader(String engine, ProviderClient remote) {
        this.engine = engine;
        this.remote = remote;
    }

    /**
     * The pictures in the answer.
     *
     * @param n how many were asked for
     * @throws GenerationFailed if it has fewer, or if it is a failure
     */
    Txt2ImgResult drawn(ProviderResponse answer, int n) {
        if (!answer.successful()) {
            throw failure(answer);
        }
        var json = answer.json().orElseThrow(() -> answer.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": no JSON."));
        var about = about(json.path("info"));
        // A grid of all pictures may come first, and what extensions draw may come last.
        int first = about.path("index_of_first_image").asInt(0);
        var images = json.path("images");
        if (images.size() < first + n) {
            throw answer.failure(
                    NO_IMAGE.code(),
                    "%s: %d pictures instead of %d.".formatted(NO_IMAGE.message(), images.size() - first, n));
        }
        var pixels = new ArrayList<BufferedImage>(n);
        for (int i = first; i < first + n; i++) {
            pixels.add(image(images.get(i).asString("")));
        }
        var model = about.path("sd_model_name").asString("");
        return new Txt2ImgResult(
                pixels, seeds(about), model, about.path("sd_model_hash").asString(""));
    }

    /** What the server tells of the pictures: an object within a text. */
    private JsonNode about(JsonNode text) {
        try {
            return mapper.readTree(text.asString("{}"));
        } catch (JacksonException e) {
            // Servers that only speak like this one tell it in other ways, and the pictures are there without.
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static List<Long> seeds(JsonNode about) {
        var seeds = new ArrayList<Long>();
        about.path("all_seeds").forEach(seed -> seeds.add(seed.asLong(0)));
        return seeds;
    }

    private BufferedImage image(String base64) {
        var bare = base64.startsWith("data:") ? base64.substring(base64.indexOf(',') + 1) : base64;
        try {
            return remote.image(Base64.getDecoder().decode(bare), NO_IMAGE);
        } catch (IllegalArgumentException e) {
            throw new GenerationFailed(NO_IMAGE.inWords(NO_IMAGE.message() + ": it is no base64."), e);
        }
    }

    private GenerationFailed failure(ProviderResponse answer) {
        var said = said(answer);
        return switch (answer.status()) {
            case 401, 403 ->
                answer.failure(
                        Code.PROVIDER_AUTH,
                        "The server does not accept its user and password. Check %1$s.servers.%2$s.user and %1$s.servers.%2$s.password."
                                .formatted(Automatic1111Properties.PREFIX, engine));
            case 404 -> notFound(answer, said);
            case 405 -> answer.failure(Code.METHOD_NOT_ALLOWED, "Invalid request method");
            case 429 -> answer.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later.");
            default -> answer.status() >= 500 ? broken(answer, said) : rejected(answer, said);
        };
    }

    private static GenerationFailed notFound(ProviderResponse answer, String said) {
        return said.isEmpty() || said.equals("Not Found")
                ? answer.failure(
                        Code.NOT_CONFIGURED,
                        "There is no API at the server's address. Check the address, and start the server with --api.")
                : rejected(answer, said);
    }

    private static GenerationFailed rejected(ProviderResponse answer, String said) {
        return answer.failure(
                Code.REQUEST_REJECTED,
                said.isEmpty() ? "Image generation failed with status " + answer.status() : "Invalid request: " + said);
    }

    private static GenerationFailed broken(ProviderResponse answer, String said) {
        if (said.toLowerCase(Locale.ROOT).replace(" ", "").contains("outofmemory")) {
            return answer.failure(
                    Code.OUT_OF_MEMORY,
                    "The server's GPU has too little memory for this. Ask for a smaller picture, or fewer. It says: "
                            + said);
        }
        return answer.failure(
                Code.PROVIDER_ERROR,
                said.isEmpty() ? "Image generation service error. Please try again later." : "Service error: " + said);
    }

    /** The words of a failure: {@code detail} of FastAPI, a text or a list of fields, or {@code error} and {@code errors}. */
    private static String said(ProviderResponse answer) {
        var json = answer.json().filter(JsonNode::isObject);
        if (json.isEmpty()) {
            return "";
        }
        var words = new ArrayList<String>();
        var detail = json.get().path("detail");
        detail.forEach(field -> words.add("%s: %s"
                .formatted(
                        field.path("loc").path(field.path("loc").size() - 1).asString(""),
                        field.path("msg").asString(""))));
        words.add(detail.isString() ? detail.asString() : "");
        if (answer.status() >= 500) {
            words.add(0, json.get().path("error").asString(""));
            words.add(json.get().path("errors").asString(""));
        }
        words.removeIf(String::isBlank);
        return RedactedText.line(String.join(", ", words), LONGEST);
    }
}
