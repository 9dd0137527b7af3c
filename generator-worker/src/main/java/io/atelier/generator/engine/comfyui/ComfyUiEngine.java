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

/** Draws on one ComfyUI server by one workflow. Without an address it refuses all requests. */
final class ComfyUiEngine implements GenerationEngine {

    private final String name;
    private final Server settings;
    private final Workflow workflow;
    private final ProviderClient remote;
    private final @Nullable ComfyUiApi api;

    /** @throws IllegalArgumentException if the address is malformed, or the workflow cannot be used */
    ComfyUiEngine(String name, Server settings, ProviderClients remotes) {
        this.name = name;
        this.settings = settings;
        this.workflow = Workflow.load(settings.workflow(), setting("workflow"));
        this.api = ProviderClients.address(settings.url(), setting("url"))
                .map(ComfyUiApi::new)
                .orElse(null);
        this.remote = remotes.open(name, settings.remote());
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
        return api == null ? EngineStatus.notConfigured(missing()) : remote.status();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var server = api;
        if (server == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missing()));
        }
        if (run.cancellation().requested()) {
            throw new GenerationCanceled();
        }
        int runs = workflow.drawsAllAtOnce() ? 1 : request.n();
        try (var graphs = new WorkflowRun(remote, server, settings, run, runs)) {
            return draw(server, request, run, graphs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    @Override
    public void close() {
        remote.close();
    }

    private List<GeneratedImage> draw(
            ComfyUiApi server, GenerationRequest request, GenerationRun run, WorkflowRun graphs)
            throws InterruptedException {
        int each = workflow.drawsAllAtOnce() ? request.n() : 1;
        var images = new ArrayList<GeneratedImage>();
        for (int index = 0; images.size() < request.n(); index++) {
            long seed = request.seed() + index;
            var files = ComfyUiResponseReader.images(graphs.end(workflow.filled(request, seed), index));
            if (files.size() < each) {
                throw new GenerationFailed(
                        ComfyUiResponseReader.NO_IMAGE.inWords("%s: the workflow gave %d pictures instead of %d."
                                .formatted(ComfyUiResponseReader.NO_IMAGE.message(), files.size(), each)));
            }
            for (var file : files.subList(0, each)) {
                var pixels = remote.call(
                        server.image(file),
                        run,
                        answer -> remote.image(ComfyUiResponseReader.image(answer), ComfyUiResponseReader.NO_IMAGE));
                images.add(BlockAlignment.image(pixels, request.size(), seed, List.of()));
            }
            graphs.fetched();
        }
        return List.copyOf(images);
    }

    private String setting(String which) {
        return "%s.servers.%s.%s".formatted(ComfyUiProperties.PREFIX, name, which);
    }

    private String missing() {
        var variable = name.equals("comfyui") ? " (ATELIER_COMFYUI_URL)" : "";
        return "The engine '%s' has no server: set %s%s to its address, such as http://host:8188."
                .formatted(name, setting("url"), variable);
    }
}
