package io.atelier.generator.engine.automatic1111;

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
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Draws on one server that speaks the API of AUTOMATIC1111's web UI, one request at a time. Without an address it refuses all of them. */
final class Automatic1111Engine implements GenerationEngine {

    private static final int HUNDREDTHS = 100;

    private final String name;
    private final Server settings;
    private final ProviderClient remote;
    private final @Nullable WebUiApi api;
    private final RequestTurns turns = new RequestTurns();
    private final AtomicBoolean named = new AtomicBoolean();
    private final ExecutorService calls;

    /** @throws IllegalArgumentException if the address is malformed */
    Automatic1111Engine(String name, Server settings, ProviderClients remotes) {
        this.name = name;
        this.settings = settings;
        this.remote = remotes.open(name, settings.remote().forSilentServer());
        this.api = ProviderClients.address(settings.url(), setting())
                .map(url -> new WebUiApi(withoutUser(url, setting()), settings))
                .orElse(null);
        this.calls = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, name + "-call");
            thread.setDaemon(true);
            return thread;
        });
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
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public EngineStatus status() {
        return api == null ? EngineStatus.notConfigured(missing()) : remote.status();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        return draw(request, run, (server, task) -> server.draw(request, task));
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, List<SourceImage> sources, GenerationRun run) {
        if (sources.size() != 1) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The engine '%s' changes one picture at a time; it was given %d.".formatted(name, sources.size())));
        }
        return draw(request, run, (server, task) -> server.change(request, sources.get(0), task));
    }

    @Override
    public void close() {
        calls.shutdown();
        remote.close();
    }

    private List<GeneratedImage> draw(
            GenerationRequest request, GenerationRun run, BiFunction<WebUiApi, String, Request> order) {
        var server = api;
        if (server == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missing()));
        }
        var task = "atelier-" + UUID.randomUUID();
        var asked = order.apply(server, task);
        turns.take(run, remote.settings().timeouts().totalTimeout());
        try {
            if (run.cancellation().requested()) {
                throw new GenerationCanceled();
            }
            var watch = new ProgressPoller(remote, server, task, named);
            return new InFlightRequest(watch, settings, run, steps(request))
                    .await(call -> ask(asked, request, run, call), calls)
                    .images(request);
        } finally {
            turns.end();
        }
    }

    private Txt2ImgResult ask(Request asked, GenerationRequest request, GenerationRun run, GenerationRun call) {
        var answers = new WebUiResponseReader(name, remote);
        return remote.call(asked, call, answer -> {
            if (run.cancellation().requested()) {
                // Some servers call it a failure of theirs that they were told to stop; that must not be asked again.
                throw new GenerationCanceled();
            }
            return answers.drawn(answer, request.n());
        });
    }

    private static int steps(GenerationRequest request) {
        return request.steps() == null ? HUNDREDTHS : Math.max(1, request.steps() * request.n());
    }

    private static HttpUrl withoutUser(HttpUrl url, String setting) {
        if (url.username().isEmpty() && url.password().isEmpty()) {
            return url;
        }
        throw new IllegalArgumentException(
                "%s must not name a user: there are settings for the user and the password beside it."
                        .formatted(setting));
    }

    private String setting() {
        return "%s.servers.%s.url".formatted(Automatic1111Properties.PREFIX, name);
    }

    private String missing() {
        var variable = name.equals("automatic1111") ? " (ATELIER_AUTOMATIC1111_URL)" : "";
        return "The engine '%s' has no server: set %s%s to its address, such as http://host:7860."
                .formatted(name, setting(), variable);
    }
}
