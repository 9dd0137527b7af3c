package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.image.png.PngImage;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A worker that requires a key, takes the prompt as JSON and nothing else, and answers with the image. Immutable. */
final class SdxlWorker implements CloudflareService {

    private final HttpUrl url;
    private final String key;

    private SdxlWorker(HttpUrl url, String key) {
        this.url = url;
        this.key = key;
    }

    static CloudflareService of(CloudflareSettings.Sdxl settings) {
        var address =
                ProviderClients.address(settings.url(), "SDXL_WORKER_URL (io.atelier.engines.cloudflare.sdxl.url)");
        var key = settings.usableKey();
        if (address.isEmpty()) {
            return CloudflareService.notConfigured("Image generation not configured: the worker's address is missing. "
                    + "Set SDXL_WORKER_URL (io.atelier.engines.cloudflare.sdxl.url).");
        }
        if (key.isEmpty()) {
            return CloudflareService.notConfigured(
                    "SDXL API key not configured, or malformed: a key has 10 or more of the characters "
                            + "A-Z, a-z, 0-9, _ and -. Set SDXL_API_KEY (io.atelier.engines.cloudflare.sdxl.key).");
        }
        return new SdxlWorker(address.get(), key.get());
    }

    @Override
    public Request request(GenerationRequest request, long seed) {
        return new Request.Builder()
                .url(url)
                .header("Authorization", "Bearer " + key)
                .post(WorkerResponses.json(Map.of("prompt", request.prompt())))
                .build();
    }

    @Override
    public PngImage image(ProviderResponse response, ProviderClient client) {
        if (response.successful()) {
            return WorkerResponses.image(response, client);
        }
        int status = response.status();
        var error = WorkerResponses.text(response, "error");
        if (status == 400) {
            throw response.failure(
                    Code.REQUEST_REJECTED,
                    error.map("Invalid request: %s"::formatted).orElse("Invalid prompt or request format"));
        }
        if (status == 401) {
            throw response.failure(Code.PROVIDER_AUTH, "SDXL API key invalid or missing");
        }
        if (status == 403) {
            throw response.failure(
                    Code.PROVIDER_AUTH,
                    "Image generation failed with status 403: the SDXL API key lacks the permission.");
        }
        if (status == 405) {
            throw response.failure(Code.METHOD_NOT_ALLOWED, "Invalid request method");
        }
        if (status >= 500 && error.isPresent()) {
            var details = WorkerResponses.text(response, "details")
                    .map(" - %s"::formatted)
                    .orElse("");
            throw response.failure(Code.PROVIDER_ERROR, "Service error: " + error.get() + details);
        }
        return WorkerResponses.image(response, client);
    }
}
