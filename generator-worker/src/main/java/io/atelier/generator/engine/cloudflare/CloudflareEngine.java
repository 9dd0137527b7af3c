package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
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
import java.util.List;
import java.util.Set;

/** Generates at Cloudflare, one call for each image. Connects with the first call. Thread-safe. */
final class CloudflareEngine implements GenerationEngine {

    private final String name;
    private final CloudflareService service;
    private final ProviderClient client;

    private CloudflareEngine(String name, CloudflareService service, ProviderClient client) {
        this.name = name;
        this.service = service;
        this.client = client;
    }

    static CloudflareEngine flux(CloudflareSettings.Flux settings, ProviderClients clients) {
        var name = "cloudflare-flux";
        return new CloudflareEngine(name, FluxWorker.of(settings), clients.open(name, settings.remote()));
    }

    static CloudflareEngine sdxl(CloudflareSettings.Sdxl settings, ProviderClients clients) {
        var name = "cloudflare-sdxl";
        return new CloudflareEngine(name, SdxlWorker.of(settings), clients.open(name, settings.remote()));
    }

    static CloudflareEngine workersAi(CloudflareSettings.WorkersAi settings, ProviderClients clients) {
        var name = "cloudflare-workers-ai";
        return new CloudflareEngine(name, WorkersAi.of(settings), clients.open(name, settings.remote()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String device() {
        return REMOTE;
    }

    /** None: the two workers take only the prompt, and each model of Workers AI takes other parameters. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public EngineStatus status() {
        return service.missing().map(EngineStatus::notConfigured).orElseGet(client::status);
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        service.missing().ifPresent(missing -> {
            throw new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, missing));
        });
        return SequentialGeneration.generate(
                request,
                run,
                seed -> client.call(service.request(request, seed), run, response -> service.image(response, client)));
    }

    @Override
    public void close() {
        client.close();
    }
}
