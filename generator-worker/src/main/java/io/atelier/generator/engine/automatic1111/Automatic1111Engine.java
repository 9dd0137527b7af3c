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
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.TransportFailures;
import io.atelier.messaging.settings.SettingRefused;
import io.atelier.messaging.thread.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Generates on one server with the API of AUTOMATIC1111's web UI, one request at a time in the order of arrival. Without an address every
 * request fails with {@link Code#NOT_CONFIGURED}. Thread-safe.
 */
final class Automatic1111Engine implements GenerationEngine {

    /** The number of progress steps if the request does not name its denoising steps. */
    private static final int PERCENT = 100;

    private final String name;
    private final Server settings;
    private final ProviderClient client;
    private final @Nullable WebUiApi api;

    /** Fair, so that requests are sent in the order in which they arrive. */
    private final Semaphore turn = new Semaphore(1, true);

    private final AtomicBoolean knowsTaskIds = new AtomicBoolean();
    private final ExecutorService threads;

    /** @throws IllegalArgumentException if the address is malformed */
    Automatic1111Engine(String name, Server settings, ProviderClients clients) {
        this.name = name;
        this.settings = settings;
        this.client = clients.open(name, settings.remote().forSilentServer());
        this.api = ProviderClients.address(settings.url(), urlSetting())
                .map(url -> new WebUiApi(withoutUser(url, urlSetting()), settings))
                .orElse(null);
        this.threads = Executors.newCachedThreadPool(DaemonThreads.named(name + "-call"));
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
        return api == null ? EngineStatus.notConfigured(missingAddress()) : client.status();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        return send(request, run, WebUiApi::textToImage);
    }

    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        if (sources.size() != 1) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The engine '%s' edits exactly 1 source image per request, but got %d."
                            .formatted(name, sources.size())));
        }
        return send(request, run, (server, part, taskId) -> server.imageToImage(part, sources, taskId));
    }

    @Override
    public void close() {
        threads.shutdown();
        client.close();
    }

    /** Sends requests until all images are there, since some servers make one image whatever was requested. Each makes at least one. */
    private List<GeneratedImage> send(GenerationRequest request, GenerationRun run, RequestFactory requests) {
        var images = new ArrayList<GeneratedImage>();
        while (images.size() < request.n()) {
            int made = images.size();
            var rest = request.toBuilder()
                    .n(request.n() - made)
                    .seed(request.seed() + made)
                    .build();
            // The first request has reported the progress of all images.
            var restRun = made == 0 ? run : run.withoutProgress(run.cancellation());
            images.addAll(sendOnce(rest, restRun, requests));
        }
        return List.copyOf(images);
    }

    private List<GeneratedImage> sendOnce(GenerationRequest request, GenerationRun run, RequestFactory requests) {
        var server = api;
        if (server == null) {
            throw new GenerationFailed(new Failure(Code.NOT_CONFIGURED, missingAddress()));
        }
        var taskId = "atelier-" + UUID.randomUUID();
        var httpRequest = requests.create(server, request, taskId);
        awaitTurn(run, client.settings().timeouts().totalTimeout());
        try {
            if (run.cancellation().requested()) {
                throw new GenerationCanceled();
            }
            var poller = new ProgressPoller(client, server, taskId, knowsTaskIds);
            return new InFlightRequest(poller, settings, run, steps(request))
                    .await(callRun -> call(httpRequest, request, run, callRun), threads)
                    .images(request);
        } finally {
            turn.release();
        }
    }

    /**
     * Acquires {@link #turn}.
     *
     * @throws GenerationCanceled if the run is canceled while it waits, or the thread is interrupted
     * @throws GenerationFailed if the turn does not come within the timeout
     */
    private void awaitTurn(GenerationRun run, Duration timeout) {
        var acquired = new CompletableFuture<Void>();
        // Another thread waits for the semaphore, because a cancellation could end that wait only by an interrupt.
        threads.execute(() -> {
            turn.acquireUninterruptibly();
            if (!acquired.complete(null)) {
                turn.release();
            }
        });
        var registration = run.cancellation().onRequest(() -> acquired.cancel(false));
        try {
            acquired.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throw new GenerationCanceled();
        } catch (TimeoutException e) {
            giveUpTurn(acquired);
            throw TransportFailures.timeout(timeout, e);
        } catch (InterruptedException e) {
            giveUpTurn(acquired);
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            registration.close();
        }
    }

    private void giveUpTurn(CompletableFuture<Void> acquired) {
        boolean acquiredMeanwhile = !acquired.cancel(false);
        if (acquiredMeanwhile) {
            turn.release();
        }
    }

    private Txt2ImgResult call(
            Request httpRequest, GenerationRequest request, GenerationRun run, GenerationRun callRun) {
        var reader = new WebUiResponseReader(name, client);
        return client.call(httpRequest, callRun, response -> {
            if (run.cancellation().requested()) {
                // Some servers report an interruption as an error of their own, which must not be retried.
                throw new GenerationCanceled();
            }
            return reader.result(response, request.n());
        });
    }

    private static int steps(GenerationRequest request) {
        return request.steps() == null ? PERCENT : Math.max(1, request.steps() * request.n());
    }

    private static HttpUrl withoutUser(HttpUrl url, String setting) {
        if (url.username().isEmpty() && url.password().isEmpty()) {
            return url;
        }
        throw new SettingRefused(
                "%s must not contain a user or a password: use the settings 'user' and 'password' beside it."
                        .formatted(setting));
    }

    @FunctionalInterface
    private interface RequestFactory {

        /** The HTTP request for a part of the job's images. */
        Request create(WebUiApi server, GenerationRequest part, String taskId);
    }

    private String urlSetting() {
        return "%s.servers.%s.url".formatted(Automatic1111Properties.PREFIX, name);
    }

    private String missingAddress() {
        var variable = name.equals("automatic1111") ? " (ATELIER_AUTOMATIC1111_URL)" : "";
        return "The engine '%s' has no server: set %s%s to its address, such as http://host:7860."
                .formatted(name, urlSetting(), variable);
    }
}
