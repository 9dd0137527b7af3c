package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import io.atelier.image.png.PngImage;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reading that the responses of all workers share. Existing clients search the messages for their parts. */
final class WorkerResponses {

    static final String RATE_LIMITED = "Rate limit exceeded. Please try again later.";
    static final String SERVICE_ERROR = "Image generation service error. Please try again later.";
    static final String NO_IMAGE = "Invalid response from image generation service";

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final int MAX_ERROR_LENGTH = 200;

    private WorkerResponses() {}

    static RequestBody json(Map<String, Object> body) {
        return RequestBody.create(JSON.writeValueAsBytes(body), JSON_TYPE);
    }

    /**
     * The image in the response.
     *
     * @throws GenerationFailed if there is none, with the meaning that the status has for every worker
     */
    static PngImage image(ProviderResponse response, ProviderClient client) {
        int status = response.status();
        if (response.successful()) {
            return decodedImage(response, client);
        }
        if (status == 429) {
            throw response.failure(Code.RATE_LIMITED, RATE_LIMITED);
        }
        if (status >= 500) {
            throw response.failure(Code.PROVIDER_ERROR, SERVICE_ERROR);
        }
        throw response.failure(code(status), "Image generation failed with status " + status);
    }

    private static PngImage decodedImage(ProviderResponse response, ProviderClient client) {
        if (!response.mediaType().startsWith("image/")) {
            throw response.failure(
                    Code.INVALID_RESPONSE,
                    text(response, "error")
                            .map("Image generation failed: %s"::formatted)
                            .orElse(NO_IMAGE));
        }
        return client.decode(response.body(), noImage(response));
    }

    /** The failure of a response that has no valid image. */
    static Failure noImage(ProviderResponse response) {
        return response.failure(Code.INVALID_RESPONSE, NO_IMAGE).failure();
    }

    /** The code for a status without a rule of its own. */
    private static Code code(int status) {
        if (status == 405) {
            return Code.METHOD_NOT_ALLOWED;
        }
        // A redirect that cannot be followed is not caused by the request.
        return status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR;
    }

    /** The text of that member of a JSON response, in one line; empty if there is none. */
    static Optional<String> text(ProviderResponse response, String name) {
        return response.json().map(body -> body.path(name)).flatMap(WorkerResponses::text);
    }

    /** The string, or the {@code message} of the object, in one line; empty if there is none. */
    static Optional<String> text(JsonNode node) {
        var text = node.isString() ? node.stringValue() : node.path("message").asString("");
        return Optional.of(RedactedText.singleLine(text, MAX_ERROR_LENGTH)).filter(line -> !line.isEmpty());
    }
}
