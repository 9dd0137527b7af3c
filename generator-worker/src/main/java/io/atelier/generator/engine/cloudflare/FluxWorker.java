package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.image.png.PngImage;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A worker that takes the prompt as a query parameter and nothing else, and answers with the image. Immutable. */
final class FluxWorker implements CloudflareService {

    private static final String UNRESERVED = "-._~/";

    private final HttpUrl url;

    private FluxWorker(HttpUrl url) {
        this.url = url;
    }

    static CloudflareService of(CloudflareSettings.Flux settings) {
        var address =
                ProviderClients.address(settings.url(), "FLUX_WORKER_URL (io.atelier.engines.cloudflare.flux.url)");
        return address.<CloudflareService>map(FluxWorker::new)
                .orElseGet(() -> CloudflareService.notConfigured(
                        "Image generation not configured: the worker's address is missing. "
                                + "Set FLUX_WORKER_URL (io.atelier.engines.cloudflare.flux.url)."));
    }

    @Override
    public Request request(GenerationRequest request, long seed) {
        var address = url.newBuilder();
        if ("".equals(url.encodedQuery())) {
            address.encodedQuery(null);
        }
        address.addEncodedQueryParameter("prompt", percentEncoded(request.prompt()));
        return new Request.Builder().url(address.build()).build();
    }

    /** Percent-encodes UTF-8 as workers decode it: all but RFC 3986's unreserved characters and the slash. A space is %20, not a plus as in forms. */
    static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letterOrDigit || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }

    @Override
    public PngImage image(ProviderResponse response, ProviderClient client) {
        int status = response.status();
        if (status == 400) {
            throw response.failure(Code.REQUEST_REJECTED, "Invalid prompt or request format.");
        }
        if (status == 401 || status == 403) {
            throw response.failure(
                    Code.PROVIDER_AUTH,
                    "Image generation failed with status %d: the worker requires an API key, and this engine sends none."
                            .formatted(status));
        }
        return WorkerResponses.image(response, client);
    }
}
