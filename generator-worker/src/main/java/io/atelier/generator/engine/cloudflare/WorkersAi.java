package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Workers AI over its REST API, which answers with a picture or, for some models, with one in JSON.
 *
 * @see <a href="https://developers.cloudflare.com/workers-ai/">Cloudflare's own words</a>
 */
final class WorkersAi implements CloudflareService {

    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]{1,64}");
    private static final Pattern MODEL = Pattern.compile("@[a-z]+(/[A-Za-z0-9][A-Za-z0-9._-]*){1,3}");

    private final HttpUrl runs;
    private final String token;

    private WorkersAi(HttpUrl runs, String token) {
        this.runs = runs;
        this.token = token;
    }

    static CloudflareService of(CloudflareSettings.WorkersAi settings) {
        var address = ProviderClients.address(
                settings.url(), "CLOUDFLARE_API_URL (io.atelier.engines.cloudflare.workers-ai.url)");
        var account = settings.account().strip();
        var token = settings.usableToken();
        if (address.isEmpty() || !ACCOUNT.matcher(account).matches()) {
            return CloudflareService.lacking(
                    "Image generation not configured: the id of the Cloudflare account is missing. "
                            + "Set CLOUDFLARE_ACCOUNT_ID (io.atelier.engines.cloudflare.workers-ai.account).");
        }
        if (token.isEmpty()) {
            return CloudflareService.lacking(
                    "Cloudflare API key not configured: a token that may run Workers AI is missing. "
                            + "Set CLOUDFLARE_API_TOKEN (io.atelier.engines.cloudflare.workers-ai.token).");
        }
        var runs = address.get()
                .newBuilder()
                .addPathSegments("accounts/%s/ai/run".formatted(account))
                .build();
        return new WorkersAi(runs, token.get());
    }

    @Override
    public Request request(GenerationRequest wanted, long seed) {
        var model = wanted.engineModel();
        if (!MODEL.matcher(model).matches()) {
            throw new GenerationFailed(
                    new Failure(
                            Code.REQUEST_REJECTED,
                            "Workers AI knows its models by names such as '@cf/black-forest-labs/flux-1-schnell'; give this model its name there in the catalogue (engine-model)."));
        }
        return new Request.Builder()
                .url(runs.newBuilder().addPathSegments(model).build())
                .header("Authorization", "Bearer " + token)
                .post(WorkersAiInput.of(model, wanted, seed))
                .build();
    }

    @Override
    public BufferedImage image(ProviderResponse answer, ProviderClient remote) {
        if (!answer.successful()) {
            throw failure(answer);
        }
        if (answer.mediaType().startsWith("image/")) {
            return remote.image(answer.body(), WorkerResponses.noImage(answer));
        }
        var encoded = answer.json()
                .map(body -> body.path("result"))
                .map(result -> result.path("image").asString(""))
                .orElse("");
        if (encoded.isEmpty()) {
            var why = error(answer);
            throw answer.failure(
                    Code.INVALID_RESPONSE, why.isEmpty() ? WorkerResponses.NO_IMAGE : "Image generation failed" + why);
        }
        return remote.image(decoded(encoded, answer), WorkerResponses.noImage(answer));
    }

    private static byte[] decoded(String base64, ProviderResponse answer) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw answer.failure(Code.INVALID_RESPONSE, WorkerResponses.NO_IMAGE + ": it is no base64.");
        }
    }

    /** By Cloudflare's table of errors. */
    private static GenerationFailed failure(ProviderResponse answer) {
        int status = answer.status();
        var why = error(answer);
        if (status < 500 && why.toLowerCase(Locale.ROOT).contains("nsfw")) {
            return answer.failure(Code.MODERATION_BLOCKED, "Content policy violation" + why);
        }
        return switch (status) {
            case 400 -> answer.failure(Code.REQUEST_REJECTED, "Invalid request" + why);
            case 401, 403 -> answer.failure(Code.PROVIDER_AUTH, "The Cloudflare API key is not accepted" + why);
            case 408 -> answer.failure(Code.PROVIDER_TIMEOUT, "Image generation request timed out" + why);
            case 429 -> answer.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later" + why);
            default ->
                status >= 500
                        ? answer.failure(
                                Code.PROVIDER_ERROR,
                                why.isEmpty() ? WorkerResponses.SERVICE_ERROR : "Service error" + why)
                        : answer.failure(
                                status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR,
                                "Image generation failed with status %d%s".formatted(status, why));
        };
    }

    /** The first error of an answer, after a colon; the empty string if it tells none. */
    private static String error(ProviderResponse answer) {
        return answer.json()
                .map(body -> body.path("errors").path(0))
                .flatMap(WorkerResponses::words)
                .map(": %s"::formatted)
                .orElse("");
    }
}
