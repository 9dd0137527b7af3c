package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.awt.image.BufferedImage;
import java.util.Optional;
import okhttp3.Request;

/** One of the ways in which Cloudflare draws: what to ask it, and what its answer means. */
interface CloudflareService {

    /** For people: the settings without which it cannot be asked; empty if there are all. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Asks for one picture. */
    Request request(GenerationRequest wanted, long seed);

    /**
     * The picture in its answer.
     *
     * @throws GenerationFailed if there is none: why
     */
    BufferedImage image(ProviderResponse answer, ProviderClient remote);

    /** One that cannot be asked. */
    static CloudflareService lacking(String what) {
        return new CloudflareService() {
            @Override
            public Optional<String> missing() {
                return Optional.of(what);
            }

            @Override
            public Request request(GenerationRequest wanted, long seed) {
                throw new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, what));
            }

            @Override
            public BufferedImage image(ProviderResponse answer, ProviderClient remote) {
                throw new IllegalStateException("Nobody was asked.");
            }
        };
    }
}
