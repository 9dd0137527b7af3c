package io.atelier.generator.engine.huggingface;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ContentFilter;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import io.atelier.image.png.PngImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds requests and reads responses of the task text-to-image of Hugging Face's inference. Thread-safe.
 *
 * @see <a href="https://huggingface.co/docs/inference-providers/tasks/text-to-image">Text to image, Hugging Face's documentation</a>
 */
final class TextToImageApi {

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");

    /** The id of a model on the hub. Never an address, so that the author of a model name cannot choose the server that gets the token. */
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");

    private static final int MAX_ERROR_LENGTH = 200;

    private final HttpUrl base;
    private final String token;
    private final boolean sendSeed;

    TextToImageApi(HttpUrl base, String token, boolean sendSeed) {
        this.base = base;
        this.token = token;
        this.sendSeed = sendSeed;
    }

    /** A request for one image. */
    Request request(GenerationRequest request, long seed) {
        var body = new LinkedHashMap<String, Object>();
        body.put("inputs", request.prompt());
        body.put("parameters", parameters(request, seed));
        var httpRequest = new Request.Builder()
                .url(url(request.engineModel()))
                .header("Authorization", "Bearer " + token)
                .post(RequestBody.create(JSON.writeValueAsBytes(body), JSON_TYPE));
        if (!sendSeed) {
            // Without a seed, equal requests would be answered with the cached image.
            httpRequest.header("x-use-cache", "false");
        }
        return httpRequest.build();
    }

    private HttpUrl url(String model) {
        if (!MODEL.matcher(model).matches()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "Hugging Face has model ids such as 'black-forest-labs/FLUX.1-schnell', never addresses."
                            + " Set the id of this model in the catalogue (engine-model)."));
        }
        return base.newBuilder().addPathSegment("models").addPathSegments(model).build();
    }

    private Map<String, Object> parameters(GenerationRequest request, long seed) {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("width", request.size().width());
        parameters.put("height", request.size().height());
        put(parameters, "num_inference_steps", request.steps());
        put(parameters, "guidance_scale", request.guidanceScale());
        put(parameters, "negative_prompt", request.negativePrompt());
        put(parameters, "seed", sendSeed ? seed : null);
        return parameters;
    }

    private static void put(Map<String, Object> parameters, String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    /**
     * The image in the response.
     *
     * @throws GenerationFailed if there is none, with the reason
     */
    PngImage image(ProviderResponse response, ProviderClient client) {
        if (!response.successful()) {
            throw failure(response, client);
        }
        var error = response.mediaType().startsWith("image/") ? "" : error(response);
        if (!response.mediaType().startsWith("image/") && isRefused(response)) {
            throw response.failure(Code.MODERATION_BLOCKED, "Content policy violation" + error);
        }
        if (!error.isEmpty()) {
            throw response.failure(Code.INVALID_RESPONSE, "Image generation failed" + error);
        }
        var noImage = response.failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");
        return client.decode(response.body(), noImage.failure());
    }

    private static GenerationFailed failure(ProviderResponse response, ProviderClient client) {
        int status = response.status();
        var error = error(response);
        if (isRefused(response)) {
            return response.failure(Code.MODERATION_BLOCKED, "Content policy violation" + error);
        }
        return switch (status) {
            case 400, 422 -> response.failure(Code.REQUEST_REJECTED, "Invalid request" + error);
            case 401, 403 ->
                response.failure(
                        Code.PROVIDER_AUTH,
                        "Hugging Face API key (HF_TOKEN) is invalid, missing or lacks a permission" + error);
            case 402 ->
                response.failure(
                        Code.PROVIDER_AUTH,
                        "The account of the Hugging Face API key (HF_TOKEN) has no credit left" + error);
            case 429 -> response.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later" + error);
            case 503 -> unavailable(response, error, client);
            default ->
                status >= 500
                        ? serverError(response, error)
                        : response.failure(
                                status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR,
                                "Image generation failed with status %d%s".formatted(status, error));
        };
    }

    private static boolean isRefused(ProviderResponse response) {
        return response.json().filter(ContentFilter::refused).isPresent();
    }

    /** The failure of a model that is being loaded. The server estimates the time, after which the call is retried. */
    private static GenerationFailed unavailable(ProviderResponse response, String error, ProviderClient client) {
        double estimatedSeconds = response.json()
                .map(body -> body.path("estimated_time").asDouble(0))
                .orElse(0.0);
        if (!(estimatedSeconds > 0)) {
            return serverError(response, error);
        }
        // An estimate is no rate limit: if it is longer than the maximum wait, an earlier retry may succeed.
        long maxSeconds = client.settings().retry().maxRetryAfterInterval().toSeconds();
        long seconds = Math.min(maxSeconds, (long) Math.ceil(estimatedSeconds));
        return new GenerationFailed(new Failure(
                Code.ENGINE_UNAVAILABLE,
                "The model is not ready" + error,
                response.status(),
                response.requestId().orElse(null),
                seconds));
    }

    private static GenerationFailed serverError(ProviderResponse response, String error) {
        return response.failure(
                Code.PROVIDER_ERROR,
                error.isEmpty() ? "Image generation service error. Please try again later." : "Service error" + error);
    }

    /** The error message, after a colon; the empty string if there is none. */
    private static String error(ProviderResponse response) {
        var error = response.json().map(body -> body.path("error")).orElse(JSON.missingNode());
        var line = RedactedText.singleLine(message(error), MAX_ERROR_LENGTH);
        return line.isEmpty() ? "" : ": " + line;
    }

    /** The message in a string, in a list of strings, or in an object. */
    private static String message(JsonNode error) {
        var first = error.isArray() ? error.path(0) : error;
        return first.isObject() ? first.path("message").asString("") : first.asString("");
    }
}
