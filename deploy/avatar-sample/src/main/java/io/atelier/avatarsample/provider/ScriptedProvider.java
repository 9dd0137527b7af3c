package io.atelier.avatarsample.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's images API and a flow of Flowise on one port of this machine. It refuses what they refuse, generates images from the words of prompts
 * alone, and remembers each call. The n-th edit with equal words and images gives the n-th image, so that two grids of one avatar differ.
 */
public final class ScriptedProvider implements AutoCloseable {

    private final ProviderScript script;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(ScriptedProvider::daemon);
    private final List<ProviderCall> calls = new CopyOnWriteArrayList<>();
    /** Which call made an image, by the digest of its pixels. */
    private final Map<String, ProviderCall> makers = new ConcurrentHashMap<>();

    private final Map<ProviderScript.Barrier, CyclicBarrier> barriers;
    private final Map<String, Integer> ordinals = new HashMap<>();
    private final Map<ProviderEndpoint, Deque<ScriptedAnswer>> firstAnswers = new EnumMap<>(ProviderEndpoint.class);

    private final Consumer<ProviderCall> listener;

    private ScriptedProvider(ProviderScript script, int port, Consumer<ProviderCall> listener) throws IOException {
        this.script = script;
        this.listener = listener;
        barriers = script.barriers().stream()
                .collect(Collectors.toUnmodifiableMap(
                        barrier -> barrier, barrier -> new CyclicBarrier(barrier.calls())));
        script.firstAnswers().forEach((endpoint, answers) -> firstAnswers.put(endpoint, new ArrayDeque<>(answers)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        for (var endpoint : ProviderEndpoint.values()) {
            server.createContext(endpoint.path(), exchange -> respond(endpoint, exchange));
        }
        server.setExecutor(threads);
    }

    /** Starts the provider on a free port. */
    public static ScriptedProvider start(ProviderScript script) {
        return start(script, 0);
    }

    /**
     * Starts the provider.
     *
     * @param port 0 for a free one
     */
    public static ScriptedProvider start(ProviderScript script, int port) {
        return start(script, port, call -> {});
    }

    /**
     * Starts the provider.
     *
     * @param port 0 for a free one
     * @param listener called with each call when it is received, on its own thread, before its delay
     */
    public static ScriptedProvider start(ProviderScript script, int port, Consumer<ProviderCall> listener) {
        try {
            var provider = new ScriptedProvider(script, port, listener);
            provider.server.start();
            return provider;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of {@code OPENAI_BASE_URL}, with the version of the API. */
    public String openAiUrl() {
        return flowiseUrl() + "/v1";
    }

    /** The value of {@code FLOWISE_URL}. */
    public String flowiseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** All calls so far, in the order in which they were received. */
    public List<ProviderCall> calls() {
        return List.copyOf(calls);
    }

    public List<ProviderCall> calls(ProviderEndpoint endpoint) {
        return calls.stream().filter(call -> call.endpoint() == endpoint).toList();
    }

    /**
     * The calls about one persona.
     *
     * @param marker words that only the texts of this persona contain; the flow repeats the name, the gender and the first bio in its prompts
     */
    public List<ProviderCall> calls(ProviderEndpoint endpoint, String marker) {
        return calls(endpoint).stream().filter(call -> call.mentions(marker)).toList();
    }

    /** Ends the calls that are not answered, too. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void respond(ProviderEndpoint endpoint, HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        long received = System.nanoTime();
        ScriptedAnswer answer;
        @Nullable ProviderCall call = null;
        try {
            var form = ProviderForm.read(header(exchange, "Content-Type"), body);
            var sources = endpoint == ProviderEndpoint.EDITS ? OpenAiImages.sources(form) : List.<FormFile>of();
            call = new ProviderCall(
                    endpoint,
                    exchange.getRequestURI().getPath(),
                    body,
                    form,
                    text(endpoint, form),
                    sources.isEmpty() ? null : maker(sources.get(0)));
            calls.add(call);
            listener.accept(call);
            answer = answer(call, form, header(exchange, "Authorization"));
        } catch (IllegalArgumentException e) {
            answer = ScriptedAnswer.refused("invalid_json", "We could not parse the body of your request.");
        }
        // From the same moment as the record of the call.
        if (pause(endpoint, call == null ? received : call.startNanos())) {
            send(exchange, answer, call);
        }
    }

    private ScriptedAnswer answer(ProviderCall call, ProviderForm form, String authorization) {
        return scripted(call)
                .filter(answer -> answer.status() != ScriptedAnswer.ORDINARY)
                .orElseGet(() -> call.endpoint() == ProviderEndpoint.PREDICTIONS
                        ? ScriptedFlow.answer(call, form)
                        : OpenAiImages.refusal(call, form, authorization).orElseGet(() -> images(call, form)));
    }

    private Optional<ScriptedAnswer> scripted(ProviderCall call) {
        synchronized (firstAnswers) {
            var answers = firstAnswers.getOrDefault(call.endpoint(), new ArrayDeque<>());
            if (!answers.isEmpty()) {
                return Optional.of(answers.remove());
            }
        }
        return script.answersByMarker().stream()
                .filter(marked -> marked.endpoint() == call.endpoint() && call.mentions(marked.marker()))
                .map(ProviderScript.MarkedAnswer::answer)
                .findFirst();
    }

    private ScriptedAnswer images(ProviderCall call, ProviderForm form) {
        int count = Integer.parseInt(form.fields().getOrDefault("n", "1"));
        var source = OpenAiImages.sources(form).stream()
                .flatMap(file -> ScriptedImages.read(file.bytes()).stream())
                .findFirst();
        var images = new ArrayList<BufferedImage>();
        for (int i = 0; i < count; i++) {
            var image = source.isPresent()
                    ? ScriptedImages.grid(source.get(), ordinal(call.text(), source.get()), script.side())
                    : ScriptedImages.base(i == 0 ? call.text() : call.text() + i, script.side());
            makers.putIfAbsent(ScriptedImages.digest(image), call);
            images.add(image);
        }
        return OpenAiImages.answer(call, images);
    }

    private int ordinal(String words, BufferedImage source) {
        synchronized (ordinals) {
            return ordinals.merge(ScriptedImages.digest(source) + words, 1, Integer::sum);
        }
    }

    private @Nullable ProviderCall maker(FormFile file) {
        return ScriptedImages.read(file.bytes())
                .map(ScriptedImages::digest)
                .map(makers::get)
                .orElse(null);
    }

    private static String text(ProviderEndpoint endpoint, ProviderForm form) {
        return endpoint == ProviderEndpoint.PREDICTIONS
                ? ScriptedFlow.state(form, "person_data")
                : form.fields().getOrDefault("prompt", "");
    }

    /**
     * Waits as long as the script says since the call was received, so that the time for the image is a part of it.
     *
     * @return whether the provider was not closed meanwhile
     */
    private boolean pause(ProviderEndpoint endpoint, long received) {
        var delay = script.delays().get(endpoint);
        try {
            if (delay != null) {
                TimeUnit.NANOSECONDS.sleep(delay.toNanos() - (System.nanoTime() - received));
            }
            for (var barrier : barriers.entrySet()) {
                if (barrier.getKey().endpoints().contains(endpoint)) {
                    barrier.getValue().await();
                }
            }
            return true;
        } catch (BrokenBarrierException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void send(HttpExchange exchange, ScriptedAnswer answer, @Nullable ProviderCall call)
            throws IOException {
        if (answer.status() == ScriptedAnswer.SILENCE) {
            // The exchange stays open.
            return;
        }
        if (call != null) {
            // Before the answer can be received, so that a call that follows from it starts later than this end.
            call.answered();
        }
        try (exchange) {
            if (answer.status() == ScriptedAnswer.HANG_UP) {
                return;
            }
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        var value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task, "scripted-provider");
        thread.setDaemon(true);
        return thread;
    }
}
