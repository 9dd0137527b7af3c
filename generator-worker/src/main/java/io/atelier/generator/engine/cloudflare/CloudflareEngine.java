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

/** Draws at Cloudflare, one call for each picture. Connects with the first one. */
final class CloudflareEngine implements GenerationEngine {

    private final String name;
    private final CloudflareService service;
    private final ProviderClient remote;

    private CloudflareEngine(String name, CloudflareService service, ProviderClient remote) {
        this.name = name;
        this.service = service;
        this.remote = remote;
    }

    static CloudflareEngine flux(CloudflareSettings.Flux settings, ProviderClients remotes) {
        var name = "cloudflare-flux";
        return new CloudflareEngine(name, FluxWorker.of(settings), remotes.open(name, settings.remote()));
    }

    static CloudflareEngine sdxl(CloudflareSettings.Sdxl settings, ProviderClients remotes) {
        var name = "cloudflare-sdxl";
        return new CloudflareEngine(name, SdxlWorker.of(settings), remotes.open(name, settings.remote()));
    }

    static CloudflareEngine workersAi(CloudflareSettings.WorkersAi settings, ProviderClients remotes) {
        var name = "cloudflare-workers-ai";
        return new CloudflareEngine(name, WorkersAi.of(settings), remotes.open(name, settings.remote()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String device() {
        return REMOTE;
    }

    /** None: the two workers are told nothing but the prompt, and what Workers AI takes is another thing for each of its models. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public EngineStatus status() {
        return service.missing().map(EngineStatus::notConfigured).orElseGet(remote::status);
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        service.missing().ifPresent(what -> {
            throw new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, what));
        });
        return SequentialGeneration.draw(
                request,
                run,
                seed -> remote.call(service.request(request, seed), run, answer -> service.image(answer, remote)));
    }

    @Override
    public void close() {
        remote.close();
    }
}
