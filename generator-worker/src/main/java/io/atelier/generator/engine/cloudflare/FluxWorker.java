package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderResponse;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A worker that takes the prompt in its address and nothing else, and answers with the picture. */
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
                .orElseGet(() ->
                        CloudflareService.lacking("Image generation not configured: the worker's address is missing. "
                                + "Set FLUX_WORKER_URL (io.atelier.engines.cloudflare.flux.url)."));
    }

    @Override
    public Request request(GenerationRequest wanted, long seed) {
        var address = url.newBuilder();
        if ("".equals(url.encodedQuery())) {
            address.encodedQuery(null);
        }
        address.addEncodedQueryParameter("prompt", encoded(wanted.prompt()));
        return new Request.Builder().url(address.build()).build();
    }

    /** As workers decode it: UTF-8, and only what RFC 3986 calls unreserved stays, with the slash. No plus for a space, as forms have it. */
    static String encoded(String text) {
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
    public BufferedImage image(ProviderResponse answer, ProviderClient remote) {
        int status = answer.status();
        if (status == 400) {
            throw answer.failure(Code.REQUEST_REJECTED, "Invalid prompt or request format.");
        }
        if (status == 401 || status == 403) {
            throw answer.failure(
                    Code.PROVIDER_AUTH,
                    "Image generation failed with status %d: the worker wants an API key, and this engine sends none."
                            .formatted(status));
        }
        return WorkerResponses.image(answer, remote);
    }
}
