package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fake of AUTOMATIC1111's web UI: it works on one request at a time and queues the others; progress and interrupt apply to the current request; an
 * interrupted request is answered like a complete one.
 */
final class FakeWebUi implements AutoCloseable {

    static final String TXT2IMG = "/sdapi/v1/txt2img";

    private static final int STEP_MILLIS = 5;

    private final JsonMapper mapper = new JsonMapper();
    private final ProviderStub stub = new ProviderStub();
    private final ReentrantLock device = new ReentrantLock(true);
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final boolean knowsTaskIds;

    private volatile CountDownLatch interrupted = new CountDownLatch(1);
    private volatile String currentTask = "";
    private volatile double fraction;
    private final AtomicBoolean failsNext = new AtomicBoolean();
    private final AtomicInteger endedEarly = new AtomicInteger();

    /** @param knowsTaskIds whether it is a newer server with a web UI */
    FakeWebUi(boolean knowsTaskIds) {
        this.knowsTaskIds = knowsTaskIds;
        stub.always(this::answer);
    }

    ProviderStub stub() {
        return stub;
    }

    /** An engine for this server, with short poll and retry intervals. */
    Automatic1111Engine engine(String... namesAndValues) {
        var settings = Stream.concat(
                        Stream.of("url", stub.url("/"), "poll-interval", "20ms", "remote.retry.base-interval", "10ms"),
                        Stream.of(namesAndValues))
                .toArray(String[]::new);
        return new Automatic1111Engine(
                "automatic1111",
                SampleSettings.bound(Automatic1111Properties.Server.class, settings),
                new ProviderClients(new SimpleMeterRegistry()));
    }

    /** Answers requests for images with this response, and all others with 404. */
    void respondWith(MockResponse response) {
        respondWith(call -> response);
    }

    void respondWith(Function<ProviderStub.Call, MockResponse> response) {
        stub.always(call -> call.path().equals(TXT2IMG)
                ? response.apply(call)
                : ProviderStub.json(404, "{\"detail\":\"Not Found\"}"));
    }

    /** Answers the next request for images with status 502. */
    void failNext() {
        failsNext.set(true);
    }

    /** The number of requests that were interrupted. */
    int endedEarly() {
        return endedEarly.get();
    }

    boolean isGenerating() {
        return device.isLocked();
    }

    int waiting() {
        return waiting.size();
    }

    /** Works on a request of another client until the result is closed. */
    AutoCloseable occupyByAnotherClient() throws InterruptedException {
        var started = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var other = new Thread(() -> {
            device.lock();
            try {
                currentTask = "another";
                started.countDown();
                released.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                device.unlock();
            }
        });
        other.start();
        started.await(10, TimeUnit.SECONDS);
        return released::countDown;
    }

    List<JsonNode> bodies(String path) {
        return stub.calls().stream()
                .filter(call -> call.path().equals(path))
                .map(call -> mapper.readTree(call.text()))
                .toList();
    }

    long count(String path) {
        return stub.calls().stream()
                .filter(call -> call.path().startsWith(path))
                .count();
    }

    @Override
    public void close() {
        interrupted.countDown();
        stub.close();
    }

    private MockResponse answer(ProviderStub.Call call) {
        if (call.path().startsWith("/sdapi/v1/progress")) {
            return ProviderStub.json(200, "{\"progress\":%s,\"state\":{}}".formatted(fraction));
        }
        return switch (call.path()) {
            case TXT2IMG, "/sdapi/v1/img2img" ->
                failsNext.getAndSet(false) ? ProviderStub.status(502) : generate(mapper.readTree(call.text()));
            case "/internal/progress" ->
                taskProgress(mapper.readTree(call.text()).path("id_task").asString(""));
            case "/sdapi/v1/interrupt" -> {
                interrupted.countDown();
                yield ProviderStub.json(200, "{}");
            }
            default -> ProviderStub.json(404, "{\"detail\":\"Not Found\"}");
        };
    }

    private MockResponse taskProgress(String id) {
        if (!knowsTaskIds) {
            return ProviderStub.json(404, "{\"detail\":\"Not Found\"}");
        }
        boolean active = currentTask.equals(id);
        return ProviderStub.json(
                200,
                "{\"active\":%s,\"queued\":%s,\"completed\":false,\"progress\":%s}"
                        .formatted(active, waiting.contains(id), active ? fraction : null));
    }

    private MockResponse generate(JsonNode body) {
        var id = body.path("force_task_id").asString("");
        waiting.add(id);
        device.lock();
        try {
            waiting.remove(id);
            interrupted = new CountDownLatch(1);
            currentTask = id;
            return images(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ProviderStub.status(500);
        } finally {
            currentTask = "";
            device.unlock();
        }
    }

    private MockResponse images(JsonNode body) throws InterruptedException {
        int n = body.path("n_iter").asInt(1);
        int steps = n * body.path("steps").asInt(20);
        for (int step = 0; step < steps; step++) {
            fraction = (double) step / steps;
            if (interrupted.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                endedEarly.incrementAndGet();
                break;
            }
        }
        var images = new ArrayList<String>();
        var seeds = new ArrayList<Long>();
        for (long seed = body.path("seed").asLong(0); images.size() < n; seed++) {
            seeds.add(seed);
            images.add(image(body.path("width").asInt(0), body.path("height").asInt(0), seed));
        }
        return answer(
                images, mapper.writeValueAsString(java.util.Map.of("all_seeds", seeds, "sd_model_name", "dream")));
    }

    /** A response with these images. */
    MockResponse answer(List<String> images, @Nullable String info) {
        var json = mapper.createObjectNode();
        images.forEach(json.putArray("images")::add);
        json.put("info", info);
        return ProviderStub.json(200, mapper.writeValueAsString(json));
    }

    static String image(int width, int height, long seed) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
