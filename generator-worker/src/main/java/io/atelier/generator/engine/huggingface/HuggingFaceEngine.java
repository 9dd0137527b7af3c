package io.atelier.generator.engine.huggingface;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SequentialGeneration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Generates at Hugging Face, one call for each image. Connects with the first call. Thread-safe. */
final class HuggingFaceEngine implements GenerationEngine {

    private static final String NAME = "huggingface";
    private static final String MISSING_TOKEN = "Hugging Face API key not configured: a token with the permission to "
            + "run inference is missing. Set HF_TOKEN (io.atelier.engines.huggingface.token).";
    private static final String MISSING_ADDRESS = "Image generation not configured: Hugging Face's address is missing. "
            + "Set HF_BASE_URL (io.atelier.engines.huggingface.url), or remove it for the default.";

    private final ProviderClient client;
    private final Set<Capability> capabilities;
    private final @Nullable TextToImageApi api;
    private final String missing;

    private HuggingFaceEngine(
            ProviderClient client, Set<Capability> capabilities, @Nullable TextToImageApi api, String missing) {
        this.client = client;
        this.capabilities = capabilities;
        this.api = api;
        this.missing = missing;
    }

    static HuggingFaceEngine of(HuggingFaceSettings settings, ProviderClients clients) {
        var capabilities =
                EnumSet.of(Capability.SIZE, Capability.STEPS, Capability.GUIDANCE, Capability.NEGATIVE_PROMPT);
        if (settings.sendSeed()) {
            capabilities.add(Capability.SEED);
        }
        @Nullable
        HttpUrl address = ProviderClients.address(settings.url(), "HF_BASE_URL (io.atelier.engines.huggingface.url)")
                .orElse(null);
        @Nullable String token = settings.usableToken().orElse(null);
        @Nullable
        TextToImageApi api =
                address == null || token == null ? null : new TextToImageApi(address, token, settings.sendSeed());
        return new HuggingFaceEngine(
                clients.open(NAME, settings.remote()),
                Set.copyOf(capabilities),
                api,
                address == null ? MISSING_ADDRESS : MISSING_TOKEN);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return REMOTE;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public EngineStatus status() {
        return api == null ? EngineStatus.notConfigured(missing) : client.status();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var configured = api;
        if (configured == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missing));
        }
        return SequentialGeneration.generate(
                request,
                run,
                seed -> client.call(
                        configured.request(request, seed), run, response -> configured.image(response, client)));
    }

    @Override
    public void close() {
        client.close();
    }
}
