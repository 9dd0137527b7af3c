package io.atelier.generator.engine.huggingface;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.awt.image.BufferedImage;
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
 * The words that Hugging Face's inference speaks: the task text-to-image.
 *
 * @see <a href="https://huggingface.co/docs/inference-providers/tasks/text-to-image">Its description</a>
 */
final class TextToImageApi {

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    /** A model of the hub. Never an address: whoever names the model must not choose which server gets the token. */
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");

    private static final int LONGEST_WORDS = 200;

    private final HttpUrl base;
    private final String token;
    private final boolean sendSeed;

    TextToImageApi(HttpUrl base, String token, boolean sendSeed) {
        this.base = base;
        this.token = token;
        this.sendSeed = sendSeed;
    }

    Request request(GenerationRequest wanted, long seed) {
        var body = new LinkedHashMap<String, Object>();
        body.put("inputs", wanted.prompt());
        body.put("parameters", parameters(wanted, seed));
        var request = new Request.Builder()
                .url(url(wanted.engineModel()))
                .header("Authorization", "Bearer " + token)
                .post(RequestBody.create(JSON.writeValueAsBytes(body), JSON_TYPE));
        if (!sendSeed) {
            // It answers a request that it knows with the picture that it has.
            request.header("x-use-cache", "false");
        }
        return request.build();
    }

    private HttpUrl url(String model) {
        if (!MODEL.matcher(model).matches()) {
            throw new GenerationFailed(
                    new Failure(
                            Code.REQUEST_REJECTED,
                            "Hugging Face knows its models by ids such as 'black-forest-labs/FLUX.1-schnell', never by addresses; give this model its id there in the catalogue (engine-model)."));
        }
        return base.newBuilder().addPathSegment("models").addPathSegments(model).build();
    }

    private Map<String, Object> parameters(GenerationRequest wanted, long seed) {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("width", wanted.size().width());
        parameters.put("height", wanted.size().height());
        put(parameters, "num_inference_steps", wanted.steps());
        put(parameters, "guidance_scale", wanted.guidanceScale());
        put(parameters, "negative_prompt", wanted.negativePrompt());
        put(parameters, "seed", sendSeed ? seed : null);
        return parameters;
    }

    private static void put(Map<String, Object> parameters, String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    /**
     * The picture in its answer.
     *
     * @throws GenerationFailed if there is none: why
     */
    BufferedImage image(ProviderResponse answer, ProviderClient remote) {
        if (!answer.successful()) {
            throw failure(answer, remote);
        }
        var error = answer.mediaType().startsWith("image/") ? "" : error(answer);
        if (!error.isEmpty()) {
            throw answer.failure(Code.INVALID_RESPONSE, "Image generation failed" + error);
        }
        var otherwise = answer.failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");
        return remote.image(answer.body(), otherwise.failure());
    }

    private static GenerationFailed failure(ProviderResponse answer, ProviderClient remote) {
        int status = answer.status();
        var why = error(answer);
        return switch (status) {
            case 400, 422 -> answer.failure(Code.REQUEST_REJECTED, "Invalid request" + why);
            case 401, 403 ->
                answer.failure(
                        Code.PROVIDER_AUTH, "Hugging Face API key (HF_TOKEN) invalid, missing or too weak" + why);
            case 402 ->
                answer.failure(
                        Code.PROVIDER_AUTH,
                        "The account of the Hugging Face API key (HF_TOKEN) has to pay first" + why);
            case 429 -> answer.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later" + why);
            case 503 -> unavailable(answer, why, remote);
            default ->
                status >= 500
                        ? broken(answer, why)
                        : answer.failure(
                                status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR,
                                "Image generation failed with status %d%s".formatted(status, why));
        };
    }

    /** A model that is being loaded: its server says how long that will take, and is asked again then. */
    private static GenerationFailed unavailable(ProviderResponse answer, String why, ProviderClient remote) {
        double estimate = answer.json()
                .map(body -> body.path("estimated_time").asDouble(0))
                .orElse(0.0);
        if (!(estimate > 0)) {
            return broken(answer, why);
        }
        // It is an estimate, no wish to be left alone: where it is too long, half the way may be enough.
        long longest = remote.settings().retry().maxRetryAfterInterval().toSeconds();
        long seconds = Math.min(longest, (long) Math.ceil(estimate));
        return new GenerationFailed(new Failure(
                Code.ENGINE_UNAVAILABLE,
                "The model is not ready" + why,
                answer.status(),
                answer.requestId().orElse(null),
                seconds));
    }

    private static GenerationFailed broken(ProviderResponse answer, String why) {
        return answer.failure(
                Code.PROVIDER_ERROR,
                why.isEmpty() ? "Image generation service error. Please try again later." : "Service error" + why);
    }

    /** What it says is wrong, after a colon; the empty string if it says nothing. */
    private static String error(ProviderResponse answer) {
        var error = answer.json().map(body -> body.path("error")).orElse(JSON.missingNode());
        var line = RedactedText.line(words(error), LONGEST_WORDS);
        return line.isEmpty() ? "" : ": " + line;
    }

    /** A text, several, or a text within an object. */
    private static String words(JsonNode error) {
        var first = error.isArray() ? error.path(0) : error;
        return first.isObject() ? first.path("message").asString("") : first.asString("");
    }
}
