package io.atelier.generator.engine.openai;

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
import io.atelier.generator.engine.openai.dialect.MaskForm;
import io.atelier.generator.engine.openai.wire.OpenAiRequestWriter;
import io.atelier.generator.engine.openai.wire.OpenAiResponseReader;
import io.atelier.generator.engine.openai.wire.PartialImageProgress;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Generates images on one server with OpenAI's images API. Thread-safe. */
final class OpenAiEngine implements GenerationEngine {

    private final String name;
    private final OpenAiProperties.Server server;
    private final ProviderClient client;
    private final @Nullable HttpUrl url;

    private OpenAiEngine(String name, OpenAiProperties.Server server, ProviderClient client, @Nullable HttpUrl url) {
        this.name = name;
        this.server = server;
        this.client = client;
        this.url = url;
    }

    /**
     * An engine for the server. Does not connect to it.
     *
     * @throws IllegalArgumentException if its address is malformed; the message names the setting
     */
    static OpenAiEngine of(String name, OpenAiProperties.Server server, ProviderClients clients) {
        var url = ServerAddress.of(server, setting(name, "url"));
        return new OpenAiEngine(name, server, clients.open(name, server.providerSettings()), url);
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
        var capabilities = new TreeSet<>(server.dialect().capabilities());
        if (server.partialImages() > 0) {
            capabilities.add(Capability.PROGRESS);
        }
        return Set.copyOf(capabilities);
    }

    @Override
    public EngineStatus status() {
        var missing = missingSetting();
        return missing == null ? client.status() : EngineStatus.notConfigured(missing);
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var imagesRequest = new OpenAiImagesRequest(server, request);
        return generate(
                request.n(),
                imagesRequest,
                run,
                (writer, index, n) -> writer.generation(imagesRequest.generationFields(index, n)));
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        var dialect = server.dialect();
        if (!dialect.capabilities().contains(Capability.EDIT)) {
            return GenerationEngine.super.edit(request, sources, run);
        }
        if (sources.size() > dialect.maxSources()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The engine '%s' edits at most %d source image(s) per request, but got %d."
                            .formatted(name, dialect.maxSources(), sources.size())));
        }
        if (sources.mask() != null && dialect.maskForm() == MaskForm.NONE) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The engine '%s' edits whole images only; it cannot use a mask.".formatted(name)));
        }
        var imagesRequest = new OpenAiImagesRequest(server, request);
        return generate(
                request.n(),
                imagesRequest,
                run,
                (writer, index, n) -> writer.edit(imagesRequest.editFields(index, n), dialect, sources));
    }

    @Override
    public void close() {
        client.close();
    }

    private List<GeneratedImage> generate(
            int n, OpenAiImagesRequest imagesRequest, GenerationRun run, RequestFactory requests) {
        var address = configuredUrl();
        if (run.cancellation().requested()) {
            throw new GenerationCanceled();
        }
        var writer = new OpenAiRequestWriter(address, server.key());
        var reader = new OpenAiResponseReader(client, address, imagesRequest.allowsUrls(), setting(name, "key"));
        var progress = new PartialImageProgress(run.progress(), n, imagesRequest.partialImages());
        var images = new ArrayList<GeneratedImage>();
        progress.onImages(0);
        while (images.size() < n) {
            int batchSize = Math.min(imagesRequest.maxImagesPerCall(), n - images.size());
            var request = requests.create(writer, images.size(), batchSize);
            var pending = client.call(
                    request,
                    run,
                    progress::onLine,
                    response -> reader.read(response, batchSize, run.providerCallListener()::onUsage));
            for (var pixels : pending.load(run)) {
                images.add(imagesRequest.image(pixels, images.size()));
            }
            progress.onImages(images.size());
        }
        return List.copyOf(images);
    }

    private HttpUrl configuredUrl() {
        var missing = missingSetting();
        if (url == null || missing != null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, String.valueOf(missing)));
        }
        return url;
    }

    /** A message that names the missing setting; null if none is missing. */
    private @Nullable String missingSetting() {
        if (url == null) {
            return "Image generation not configured: the engine '%s' has no address. Set %s, such as http://gpu-1:8000/v1."
                    .formatted(name, setting(name, "url"));
        }
        if (server.key().isBlank() && ServerAddress.needsKey(url)) {
            return "OpenAI API key not configured for the engine '%s'. Set %s (for 'openai' also OPENAI_API_KEY)."
                    .formatted(name, setting(name, "key"));
        }
        return null;
    }

    private static String setting(String name, String part) {
        return "%s.servers.%s.%s".formatted(OpenAiProperties.PREFIX, name, part);
    }

    @FunctionalInterface
    private interface RequestFactory {

        /**
         * The HTTP request for a batch of images.
         *
         * @param index of the batch's first image within the job
         * @param n the number of images in the batch
         */
        Request create(OpenAiRequestWriter writer, int index, int n);
    }
}
