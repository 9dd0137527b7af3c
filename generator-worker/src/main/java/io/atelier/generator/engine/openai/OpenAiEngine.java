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
import io.atelier.generator.engine.SourceImage;
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

/** Has pictures drawn by one server that speaks as OpenAI's images API does. */
final class OpenAiEngine implements GenerationEngine {

    private final String name;
    private final OpenAiProperties.Server server;
    private final ProviderClient remote;
    private final @Nullable HttpUrl url;

    private OpenAiEngine(String name, OpenAiProperties.Server server, ProviderClient remote, @Nullable HttpUrl url) {
        this.name = name;
        this.server = server;
        this.remote = remote;
        this.url = url;
    }

    /**
     * An engine for the server, which need not be there yet.
     *
     * @throws IllegalArgumentException if its address is none, naming the setting
     */
    static OpenAiEngine of(String name, OpenAiProperties.Server server, ProviderClients remotes) {
        var url = ServerAddress.of(server, setting(name, "url"));
        return new OpenAiEngine(name, server, remotes.open(name, server.patience()), url);
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
        var missing = missing();
        return missing == null ? remote.status() : EngineStatus.notConfigured(missing);
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var commission = new OpenAiImagesRequest(server, request);
        return draw(request.n(), commission, run, (call, index, n) -> call.generation(commission.generation(index, n)));
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, List<SourceImage> sources, GenerationRun run) {
        var dialect = server.dialect();
        if (!dialect.capabilities().contains(Capability.EDIT)) {
            return GenerationEngine.super.edit(request, sources, run);
        }
        if (sources.size() > dialect.mostSources()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The engine '%s' changes %d picture(s) at a time; it was given %d."
                            .formatted(name, dialect.mostSources(), sources.size())));
        }
        var commission = new OpenAiImagesRequest(server, request);
        return draw(
                request.n(),
                commission,
                run,
                (call, index, n) -> call.edit(commission.edit(index, n), dialect.sourcePart(), sources));
    }

    @Override
    public void close() {
        remote.close();
    }

    private List<GeneratedImage> draw(int n, OpenAiImagesRequest commission, GenerationRun run, Asking asking) {
        var address = configured();
        if (run.cancellation().requested()) {
            throw new GenerationCanceled();
        }
        var call = new OpenAiRequestWriter(address, server.key());
        var answers = new OpenAiResponseReader(remote, address, commission.allowsAddresses(), setting(name, "key"));
        var progress = new PartialImageProgress(run.progress(), n, commission.sketches());
        var images = new ArrayList<GeneratedImage>();
        progress.drawn(0);
        while (images.size() < n) {
            int few = Math.min(commission.mostAtOnce(), n - images.size());
            var request = asking.request(call, images.size(), few);
            var answer = remote.call(request, run, progress::heard, read -> answers.read(read, few));
            for (var pixels : answer.finish(run)) {
                images.add(commission.image(pixels, images.size()));
            }
            progress.drawn(images.size());
        }
        return List.copyOf(images);
    }

    private HttpUrl configured() {
        var missing = missing();
        if (url == null || missing != null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, String.valueOf(missing)));
        }
        return url;
    }

    private @Nullable String missing() {
        if (url == null) {
            return "Image generation not configured: the engine '%s' has no address. Set %s, such as http://gpu-1:8000/v1."
                    .formatted(name, setting(name, "url"));
        }
        if (server.key().isBlank() && ServerAddress.wantsKey(url)) {
            return "OpenAI API key not configured for the engine '%s'. Set %s (for 'openai' also OPENAI_API_KEY)."
                    .formatted(name, setting(name, "key"));
        }
        return null;
    }

    private static String setting(String name, String part) {
        return "%s.servers.%s.%s".formatted(OpenAiProperties.PREFIX, name, part);
    }

    /** Writes the request for so many pictures, from the one with that index on. */
    @FunctionalInterface
    private interface Asking {

        /** The request. */
        Request request(OpenAiRequestWriter call, int index, int n);
    }
}
