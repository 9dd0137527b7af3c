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
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.provider.BlockAlignment;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        return generate(request, SourceImages.NONE, run);
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        if (!workflow.capabilities().contains(Capability.EDIT)) {
            return GenerationEngine.super.edit(request, sources, run);
        }
        if (sources.size() > workflow.maxSources()) {
            throw rejected("edits at most %d source image(s) per request, but got %d."
                    .formatted(workflow.maxSources(), sources.size()));
        }
        if (sources.mask() != null && !workflow.capabilities().contains(Capability.MASK)) {
            throw rejected("edits whole images only; its workflow has no placeholder {{mask}}.");
        }
        return generate(request, sources, run);
    }

    private List<GeneratedImage> generate(GenerationRequest request, SourceImages sources, GenerationRun run) {
        var server = api;
        if (server == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missingAddress()));
        }
        if (run.cancellation().requested()) {
            throw new GenerationCanceled();
        }
        int runs = workflow.makesAllImagesInOneRun() ? 1 : request.n();
        var progress = new WorkflowProgress(run.progress(), request.n(), runs);
        var files = WorkflowFiles.upload(client, server, sources, run);
        try (var workflowRun = new WorkflowRun(client, server, settings, run, progress)) {
            return generate(server, request, files, run, workflowRun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Runs the workflow until all images are there, since some workflows save fewer than requested. Each run saves at least one. */
    private List<GeneratedImage> generate(
            ComfyUiApi server,
            GenerationRequest request,
            Map<String, String> uploads,
            GenerationRun run,
            WorkflowRun workflowRun)
            throws InterruptedException {
        var images = new ArrayList<GeneratedImage>();
        for (int index = 0; images.size() < request.n(); index++) {
            int missing = request.n() - images.size();
            int imagesPerRun = workflow.makesAllImagesInOneRun() ? missing : 1;
            var rest = request.toBuilder().n(missing).build();
            long seed = request.seed() + images.size();
            var files = ComfyUiResponseReader.images(
                    workflowRun.await(workflow.fill(rest, seed, uploads), index, imagesPerRun));
            if (files.isEmpty()) {
                throw new GenerationFailed(ComfyUiResponseReader.NO_IMAGE.withMessage(
                        "%s: the workflow saved no image. Check that it has a node that saves images, and run it in ComfyUI."
                                .formatted(ComfyUiResponseReader.NO_IMAGE.message())));
            }
            var usable = files.subList(0, Math.min(files.size(), imagesPerRun));
            for (var file : usable) {
                var pixels = client.query(
                        server.image(file),
                        run,
                        response ->
                                client.decode(ComfyUiResponseReader.image(response), ComfyUiResponseReader.NO_IMAGE));
                images.add(BlockAlignment.crop(pixels, request.size(), seed, List.of()));
            }
            workflowRun.fetched(usable.size());
        }
        return List.copyOf(images);
    }

    private GenerationFailed rejected(String reason) {
        return new GenerationFailed(new Failure(Code.REQUEST_REJECTED, "The engine '%s' %s".formatted(name, reason)));
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
