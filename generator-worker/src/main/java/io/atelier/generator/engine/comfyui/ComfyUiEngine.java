package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.provider.BlockAlignment;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Generates on one ComfyUI server with one workflow. Without an address every request fails with {@link Code#NOT_CONFIGURED}. Thread-safe. */
final class ComfyUiEngine implements GenerationEngine {

    private final String name;
    private final Server settings;
    private final Workflow workflow;
    private final ProviderClient client;
    private final @Nullable ComfyUiApi api;

    /** @throws IllegalArgumentException if the address is malformed, or the workflow cannot be used */
    ComfyUiEngine(String name, Server settings, ProviderClients clients) {
        this.name = name;
        this.settings = settings;
        this.workflow = Workflow.load(settings.workflow(), setting("workflow"));
        this.api = ProviderClients.address(settings.url(), setting("url"))
                .map(ComfyUiApi::new)
                .orElse(null);
        this.client = clients.open(name, settings.remote());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String device() {
        return REMOTE;
    }

    @Override
    public Set<Capability> capabilities() {
        return workflow.capabilities();
    }

    @Override
    public EngineStatus status() {
        return api == null ? EngineStatus.notConfigured(missingAddress()) : client.status();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var server = api;
        if (server == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missingAddress()));
        }
        if (run.cancellation().requested()) {
            throw new GenerationCanceled();
        }
        int runs = workflow.makesAllImagesInOneRun() ? 1 : request.n();
        try (var workflowRun = new WorkflowRun(client, server, settings, run, runs)) {
            return generate(server, request, run, workflowRun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private List<GeneratedImage> generate(
            ComfyUiApi server, GenerationRequest request, GenerationRun run, WorkflowRun workflowRun)
            throws InterruptedException {
        int imagesPerRun = workflow.makesAllImagesInOneRun() ? request.n() : 1;
        var images = new ArrayList<GeneratedImage>();
        for (int index = 0; images.size() < request.n(); index++) {
            long seed = request.seed() + index;
            var files = ComfyUiResponseReader.images(workflowRun.await(workflow.fill(request, seed), index));
            if (files.size() < imagesPerRun) {
                throw new GenerationFailed(
                        ComfyUiResponseReader.NO_IMAGE.withMessage("%s: the workflow saved %d of %d images."
                                .formatted(ComfyUiResponseReader.NO_IMAGE.message(), files.size(), imagesPerRun)));
            }
            for (var file : files.subList(0, imagesPerRun)) {
                var pixels = client.call(
                        server.image(file),
                        run,
                        response ->
                                client.decode(ComfyUiResponseReader.image(response), ComfyUiResponseReader.NO_IMAGE));
                images.add(BlockAlignment.crop(pixels, request.size(), seed, List.of()));
            }
            workflowRun.fetched();
        }
        return List.copyOf(images);
    }

    private String setting(String part) {
        return "%s.servers.%s.%s".formatted(ComfyUiProperties.PREFIX, name, part);
    }

    private String missingAddress() {
        var variable = name.equals("comfyui") ? " (ATELIER_COMFYUI_URL)" : "";
        return "The engine '%s' has no server: set %s%s to its address, such as http://host:8188."
                .formatted(name, setting("url"), variable);
    }
}
