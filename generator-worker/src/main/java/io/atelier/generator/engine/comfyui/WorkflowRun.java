package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.TransportFailures;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.WebSocket;
import tools.jackson.databind.JsonNode;

/**
 * Runs graphs on the server, one after the other. The id of a run is derived from the job and the whole graph: if the worker dies and the job is
 * delivered again, the run is found in the server's queue or history and is not repeated, unless it failed. Servers from before 2025 choose ids
 * themselves; there the run is repeated. Not thread-safe.
 */
final class WorkflowRun implements AutoCloseable {

    /** The interval of polls while a run is about to end: a server sends the end of a run shortly before its result can be read. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(50);

    /** The factor by which polls are rarer while events arrive. */
    private static final int EVENTS_POLL_FACTOR = 10;

    private final ProviderClient client;
    private final ComfyUiApi api;
    private final Server settings;
    private final GenerationRun run;
    private final UUID clientId = UUID.randomUUID();
    private final WebSocketEvents events = new WebSocketEvents();
    private final WorkflowProgress progress;
    private final WebSocket socket;
    private final Cancellation.Registration registration;

    /**
     * Opens the server's web socket, which {@link #close} closes.
     *
     * @param progress of all graphs that will be run
     */
    WorkflowRun(ProviderClient client, ComfyUiApi api, Server settings, GenerationRun run, WorkflowProgress progress) {
        this.client = client;
        this.api = api;
        this.settings = settings;
        this.run = run;
        this.progress = progress;
        this.socket = client.open(api.events(clientId), events);
        this.registration = run.cancellation().onRequest(events::wake);
    }

    /**
     * Runs the graph and blocks until the run has ended.
     *
     * @param index of the run within the job, from 0
     * @param images the number of images that the run is to make
     * @return the history of the run
     * @throws GenerationCanceled if the job's run is canceled; by then the server has stopped, or has exceeded its stop timeout
     */
    JsonNode await(JsonNode graph, int index, int images) throws InterruptedException {
        progress.onRun(images);
        events.awaitOpen(settings.pollInterval());
        var id = findOrSubmit(graph, index);
        try {
            return awaitEnd(id);
        } catch (GenerationCanceled | InterruptedException e) {
            stop(id);
            throw e;
        } catch (GenerationFailed e) {
            // A server that does not answer may still be running the graph.
            client.sendWithoutResponse(api.cancel(id));
            throw e;
        }
    }

    /** Reports that images of the last graph have been fetched. */
    void fetched(int images) {
        progress.onImages(images);
    }

    @Override
    public void close() {
        registration.close();
        socket.cancel();
    }

    private String findOrSubmit(JsonNode graph, int index) {
        for (int attempt = 0; ; attempt++) {
            var name = "%s/%d/%d/%s".formatted(run.jobId(), index, attempt, graph);
            var id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                    .toString();
            var state = state(id, run);
            if (state.isActive()
                    || state.history().filter(ComfyUiResponseReader::succeeded).isPresent()) {
                return id;
            }
            if (state.history().isEmpty()) {
                return submit(graph, id);
            }
        }
    }

    /** Gives the call the stop timeout to complete after a cancellation, because the server may have received an aborted call or not. */
    private String submit(JsonNode graph, String id) {
        var timeout = new Cancellation();
        var timeoutStart = run.cancellation().onRequest(() -> requestAfter(settings.stopTimeout(), timeout));
        try {
            return client.call(
                    api.run(graph, clientId, id), run.withoutProgress(timeout), ComfyUiResponseReader::runId);
        } finally {
            timeoutStart.close();
        }
    }

    private JsonNode awaitEnd(String id) throws InterruptedException {
        long deadline =
                System.nanoTime() + client.settings().timeouts().totalTimeout().toNanos();
        boolean endReported = false;
        while (System.nanoTime() - deadline < 0) {
            if (run.cancellation().requested()) {
                throw new GenerationCanceled();
            }
            var event = events.next(endReported ? SHORT_INTERVAL : pollInterval());
            if (event.isPresent()) {
                progress.onEvent(event.get(), id);
                endReported |= event.get().ends(id);
            }
            if (event.isEmpty() || endReported) {
                var state = state(id, run);
                if (state.history().isPresent()) {
                    return state.history().get();
                }
                if (!state.isActive()) {
                    throw new GenerationFailed(new Failure(
                            Code.ENGINE_ERROR,
                            "The server does not know the run any more: the server was restarted, or the run"
                                    + " was removed."));
                }
            }
        }
        throw TransportFailures.timeout(client.settings().timeouts().totalTimeout(), null);
    }

    private Duration pollInterval() {
        return events.isUnreliable()
                ? settings.pollInterval()
                : settings.pollInterval().multipliedBy(EVENTS_POLL_FACTOR);
    }

    private RunState state(String id, GenerationRun callRun) {
        var history = history(id, callRun);
        if (history.isPresent()) {
            return new RunState(history, false);
        }
        if (client.query(api.queue(), callRun, response -> ComfyUiResponseReader.isActive(response, id))) {
            return new RunState(Optional.empty(), true);
        }
        // The run may have moved from the queue to the history between the two calls.
        return new RunState(history(id, callRun), false);
    }

    private Optional<JsonNode> history(String id, GenerationRun callRun) {
        return client.query(api.history(id), callRun, response -> ComfyUiResponseReader.history(response, id));
    }

    /** Cancels the run on the server and waits until it has stopped, at most for the stop timeout. */
    private void stop(String id) {
        if (Thread.currentThread().isInterrupted()) {
            client.sendWithoutResponse(api.cancel(id));
            return;
        }
        var timeout = new Cancellation();
        requestAfter(settings.stopTimeout(), timeout);
        var callRun = run.withoutProgress(timeout);
        try {
            if (!client.callOnce(api.cancel(id), callRun, WorkflowRun::isKnown)) {
                stopOnOlderServer(id, callRun);
            }
            while (state(id, callRun).isActive() && !timeout.await(SHORT_INTERVAL)) {
                // The server completes its current step first.
            }
        } catch (GenerationCanceled e) {
            // The stop timeout is over.
        } catch (GenerationFailed e) {
            // A server that cannot be reached cannot be stopped.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopOnOlderServer(String id, GenerationRun callRun) {
        client.callOnce(api.unqueue(id), callRun, ProviderResponse::status);
        if (client.callOnce(api.queue(), callRun, response -> ComfyUiResponseReader.isRunning(response, id))) {
            client.callOnce(api.interrupt(id), callRun, ProviderResponse::status);
        }
    }

    private static boolean isKnown(ProviderResponse response) {
        return response.status() != 404 && response.status() != 405;
    }

    private static void requestAfter(Duration delay, Cancellation cancellation) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(cancellation::request);
    }

    /**
     * The state of a run on the server. Without history and not active, the run is unknown.
     *
     * @param history of the run if it has ended
     * @param isActive whether the run is queued or running
     */
    private record RunState(Optional<JsonNode> history, boolean isActive) {}
}
