package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.image.png.PngImage;
import java.util.Optional;
import okhttp3.Request;

/** One of the ways to generate at Cloudflare: builds its requests and reads its responses. Thread-safe. */
interface CloudflareService {

    /** A message that names the missing settings; empty if the service is configured. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** A request for one image. */
    Request request(GenerationRequest request, long seed);

    /**
     * The image in the response.
     *
     * @throws GenerationFailed if there is none, with the reason
     */
    PngImage image(ProviderResponse response, ProviderClient client);

    /**
     * A service that lacks a setting and cannot be called.
     *
     * @param missing the message that names the setting
     */
    static CloudflareService notConfigured(String missing) {
        return new CloudflareService() {
            @Override
            public Optional<String> missing() {
                return Optional.of(missing);
            }

            @Override
            public Request request(GenerationRequest request, long seed) {
                throw new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, missing));
            }

            @Override
            public PngImage image(ProviderResponse response, ProviderClient client) {
                throw new IllegalStateException("A service without settings was called.");
            }
        };
    }
}
