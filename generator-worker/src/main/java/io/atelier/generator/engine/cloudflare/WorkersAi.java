package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.Base64Text;
import io.atelier.generator.provider.ContentFilter;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.image.png.PngImage;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Workers AI over its REST API, which answers with an image or, for some models, with an image in JSON. Immutable.
 *
 * @see <a href="https://developers.cloudflare.com/workers-ai/">Workers AI, Cloudflare's documentation</a>
 */
final class WorkersAi implements CloudflareService {

    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]{1,64}");
    private static final Pattern MODEL = Pattern.compile("@[a-z]+(/[A-Za-z0-9][A-Za-z0-9._-]*){1,3}");

    private final HttpUrl runUrl;
    private final String token;

    private WorkersAi(HttpUrl runUrl, String token) {
        this.runUrl = runUrl;
        this.token = token;
    }

    static CloudflareService of(CloudflareSettings.WorkersAi settings) {
        var address = ProviderClients.address(
                settings.url(), "CLOUDFLARE_API_URL (io.atelier.engines.cloudflare.workers-ai.url)");
        var account = settings.account().strip();
        var token = settings.usableToken();
        if (address.isEmpty() || !ACCOUNT.matcher(account).matches()) {
            return CloudflareService.notConfigured(
                    "Image generation not configured: the id of the Cloudflare account is missing. "
                            + "Set CLOUDFLARE_ACCOUNT_ID (io.atelier.engines.cloudflare.workers-ai.account).");
        }
        if (token.isEmpty()) {
            return CloudflareService.notConfigured(
                    "Cloudflare API key not configured: a token with the permission to run Workers AI is missing. "
                            + "Set CLOUDFLARE_API_TOKEN (io.atelier.engines.cloudflare.workers-ai.token).");
        }
        var runUrl = address.get()
                .newBuilder()
                .addPathSegments("accounts/%s/ai/run".formatted(account))
                .build();
        return new WorkersAi(runUrl, token.get());
    }

    @Override
    public Request request(GenerationRequest request, long seed) {
        var model = request.engineModel();
        if (!MODEL.matcher(model).matches()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "Workers AI has model names such as '@cf/black-forest-labs/flux-1-schnell'. Set the name"
                            + " of this model in the catalogue (engine-model)."));
        }
        return new Request.Builder()
                .url(runUrl.newBuilder().addPathSegments(model).build())
                .header("Authorization", "Bearer " + token)
                .post(WorkersAiInput.of(model, request, seed))
                .build();
    }

    @Override
    public PngImage image(ProviderResponse response, ProviderClient client) {
        if (!response.successful()) {
            throw failure(response);
        }
        if (response.mediaType().startsWith("image/")) {
            return client.decode(response.body(), WorkerResponses.noImage(response));
        }
        var encoded = response.json()
                .map(body -> body.path("result"))
                .map(result -> result.path("image").asString(""))
                .orElse("");
        if (encoded.isEmpty()) {
            var error = error(response);
            if (isRefused(response)) {
                throw response.failure(Code.MODERATION_BLOCKED, "Content policy violation" + error);
            }
            throw response.failure(
                    Code.INVALID_RESPONSE,
                    error.isEmpty() ? WorkerResponses.NO_IMAGE : "Image generation failed" + error);
        }
        return client.decode(decode(encoded, response), WorkerResponses.noImage(response));
    }

    private static byte[] decode(String base64, ProviderResponse response) {
        try {
            return Base64Text.decode(base64);
        } catch (IllegalArgumentException e) {
            throw response.failure(Code.INVALID_RESPONSE, WorkerResponses.NO_IMAGE + ": it is not base64.");
        }
    }

    /** The failure, by Cloudflare's table of errors. */
    private static GenerationFailed failure(ProviderResponse response) {
        int status = response.status();
        var error = error(response);
        if (isRefused(response)) {
            return response.failure(Code.MODERATION_BLOCKED, "Content policy violation" + error);
        }
        return switch (status) {
            case 400 -> response.failure(Code.REQUEST_REJECTED, "Invalid request" + error);
            case 401, 403 -> response.failure(Code.PROVIDER_AUTH, "The Cloudflare API key is not accepted" + error);
            case 408 -> response.failure(Code.PROVIDER_TIMEOUT, "Image generation request timed out" + error);
            case 429 -> response.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later" + error);
            default ->
                status >= 500
                        ? response.failure(
                                Code.PROVIDER_ERROR,
                                error.isEmpty() ? WorkerResponses.SERVICE_ERROR : "Service error" + error)
                        : response.failure(
                                status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR,
                                "Image generation failed with status %d%s".formatted(status, error));
        };
    }

    private static boolean isRefused(ProviderResponse response) {
        return response.json().filter(ContentFilter::refused).isPresent();
    }

    /** The first error of a response, after a colon; the empty string if there is none. */
    private static String error(ProviderResponse response) {
        return response.json()
                .map(body -> body.path("errors").path(0))
                .flatMap(WorkerResponses::text)
                .map(": %s"::formatted)
                .orElse("");
    }
}
