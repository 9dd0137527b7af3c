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
 * Runs graphs on the server, one after the other. A run's id is made of the job and of all that the graph says: if the worker dies and the
 * job comes back, the run is found in the server's queue or history, and is not begun again. Only one that failed there is. (Servers of
 * before 2025 choose ids themselves; with those it is begun again.)
 */
final class WorkflowRun implements AutoCloseable {

    /** A server tells that it is done shortly before it can be asked for the result. */
    private static final Duration SOON = Duration.ofMillis(50);

    private static final int SELDOM = 10;

    private final ProviderClient remote;
    private final ComfyUiApi api;
    private final Server settings;
    private final GenerationRun run;
    private final UUID client = UUID.randomUUID();
    private final WebSocketEvents events = new WebSocketEvents();
    private final WorkflowProgress steps;
    private final WebSocket socket;
    private final Cancellation.Registration told;

    /**
     * Begins to listen to the server; close it.
     *
     * @param runs how many graphs there will be
     */
    WorkflowRun(ProviderClient remote, ComfyUiApi api, Server settings, GenerationRun run, int runs) {
        this.remote = remote;
        this.api = api;
        this.settings = settings;
        this.run = run;
        this.steps = new WorkflowProgress(run.progress(), runs);
        this.socket = remote.open(api.events(client), events);
        this.told = run.cancellation().onRequest(events::wake);
    }

    /**
     * How the run of the graph ended.
     *
     * @param index which run of the job this is
     * @throws GenerationCanceled if it was told to stop; by then the server does not draw it any more, or took too long to stop
     */
    JsonNode end(JsonNode graph, int index) throws InterruptedException {
        events.awaitBegin(settings.pollInterval());
        var id = begin(graph, index);
        try {
            return follow(id);
        } catch (GenerationCanceled | InterruptedException e) {
            stop(id);
            throw e;
        } catch (GenerationFailed e) {
            // Whatever it is that does not answer may be drawing still.
            remote.tell(api.cancel(id));
            throw e;
        }
    }

    /** Tells that the pictures of the last graph are there. */
    void fetched() {
        steps.ended();
    }

    @Override
    public void close() {
        told.close();
        socket.cancel();
    }

    private String begin(JsonNode graph, int index) {
        for (int attempt = 0; ; attempt++) {
            var name = "%s/%d/%d/%s".formatted(run.jobId(), index, attempt, graph);
            var id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                    .toString();
            var standing = look(id, run);
            if (standing.queued()
                    || standing.end().filter(ComfyUiResponseReader::succeeded).isPresent()) {
                return id;
            }
            if (standing.end().isEmpty()) {
                return submit(graph, id);
            }
        }
    }

    /** A call that is broken off may or may not have been heard, so this one gets time to end. */
    private String submit(JsonNode graph, String id) {
        var late = new Cancellation();
        var told = run.cancellation().onRequest(() -> after(settings.stopTimeout(), late));
        try {
            return remote.call(api.run(graph, client, id), quiet(late), ComfyUiResponseReader::taken);
        } finally {
            told.close();
        }
    }

    private JsonNode follow(String id) throws InterruptedException {
        long end =
                System.nanoTime() + remote.settings().timeouts().totalTimeout().toNanos();
        boolean over = false;
        while (System.nanoTime() - end < 0) {
            if (run.cancellation().requested()) {
                throw new GenerationCanceled();
            }
            var event = events.next(over ? SOON : patience());
            if (event.isPresent()) {
                steps.hear(event.get(), id);
                over |= event.get().ends(id);
            }
            if (event.isEmpty() || over) {
                var standing = look(id, run);
                if (standing.end().isPresent()) {
                    return standing.end().get();
                }
                if (!standing.queued()) {
                    throw new GenerationFailed(
                            new Failure(
                                    Code.ENGINE_ERROR,
                                    "The server does not know the drawing any more: it was started again, or somebody took it out."));
                }
            }
        }
        throw TransportFailures.timeout(remote.settings().timeouts().totalTimeout(), null);
    }

    private Duration patience() {
        return events.broken()
                ? settings.pollInterval()
                : settings.pollInterval().multipliedBy(SELDOM);
    }

    private Standing look(String id, GenerationRun asking) {
        var end = history(id, asking);
        if (end.isPresent()) {
            return new Standing(end, false);
        }
        if (remote.call(api.queue(), asking, answer -> ComfyUiResponseReader.isQueued(answer, id))) {
            return new Standing(Optional.empty(), true);
        }
        // It may have left the queue just before it was looked for there.
        return new Standing(history(id, asking), false);
    }

    private Optional<JsonNode> history(String id, GenerationRun asking) {
        return remote.call(api.history(id), asking, answer -> ComfyUiResponseReader.ended(answer, id));
    }

    private void stop(String id) {
        if (Thread.currentThread().isInterrupted()) {
            remote.tell(api.cancel(id));
            return;
        }
        var late = new Cancellation();
        after(settings.stopTimeout(), late);
        var asking = quiet(late);
        try {
            if (!remote.ask(api.cancel(id), asking, WorkflowRun::isKnown)) {
                stopOlder(id, asking);
            }
            while (look(id, asking).queued() && !late.await(SOON)) {
                // It ends its step first.
            }
        } catch (GenerationCanceled e) {
            // It took too long.
        } catch (GenerationFailed e) {
            // What cannot be reached cannot be stopped.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopOlder(String id, GenerationRun asking) {
        remote.ask(api.unqueue(id), asking, ProviderResponse::status);
        if (remote.ask(api.queue(), asking, answer -> ComfyUiResponseReader.isRunning(answer, id))) {
            remote.ask(api.interrupt(id), asking, ProviderResponse::status);
        }
    }

    private static boolean isKnown(ProviderResponse answer) {
        return answer.status() != 404 && answer.status() != 405;
    }

    private static void after(Duration time, Cancellation late) {
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS).execute(late::request);
    }

    private GenerationRun quiet(Cancellation end) {
        return new GenerationRun(run.jobId(), run.attempt(), (phase, step, all) -> {}, end);
    }

    /**
     * Where a run stands; nowhere if the server does not know it.
     *
     * @param end how it ended, if it has
     * @param queued whether it waits or is under way
     */
    private record Standing(Optional<JsonNode> end, boolean queued) {}
}
