package io.atelier.generator.engine.comfyui;

import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A fake of ComfyUI: a queue, one run at a time, and a history that contains a run only some time after the event of its end. */
final class FakeComfyUi implements AutoCloseable {

    private static final int STEP_MILLIS = 5;

    private final JsonMapper mapper = new JsonMapper();
    private final ProviderStub stub = new ProviderStub();
    private final ExecutorService device = Executors.newSingleThreadExecutor();
    private final FakeWebSockets sockets = new FakeWebSockets();
    private final Map<String, ObjectNode> history = new ConcurrentHashMap<>();
    private final List<String> waiting = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> stops = new ConcurrentHashMap<>();
    private final Map<String, byte[]> images = new ConcurrentHashMap<>();
    private final List<String> uploads = new CopyOnWriteArrayList<>();
    private final Set<Trait> traits;

    private final AtomicBoolean failsNextRun = new AtomicBoolean();
    private volatile String running = "";

    /** Differences between servers, and faults. */
    enum Trait {
        /** Cannot cancel a run by its id. */
        OLDER,
        /** Cannot cancel a run by its id, and chooses the ids of runs itself. */
        OLDEST,
        /** Closes its web socket as soon as a run starts. */
        BREAKS_SOCKETS,
        /** Has no web socket. */
        NO_SOCKETS,
        /** Its workflow saves one image, whatever batch size was requested. */
        ONE_IMAGE,
        /** Its workflow saves no image. */
        NOTHING_SAVED,
        /** Its output files are no images. */
        NO_IMAGES,
        /** Its nodes fail with out of memory. */
        SMALL,
        /** Its nodes fail. */
        BROKEN
    }

    FakeComfyUi(Trait... traits) {
        this.traits = Set.of(traits);
        stub.always(this::answer);
    }

    ProviderStub stub() {
        return stub;
    }

    boolean isIdle() {
        return running.isEmpty() && waiting.isEmpty();
    }

    boolean isGenerating() {
        return !running.isEmpty();
    }

    /** The statuses of the runs in the history. */
    List<String> endStatuses() {
        return history.values().stream()
                .map(entry -> entry.path("status").path("status_str").asString(""))
                .toList();
    }

    /** Answers the next request for a run with status 502. */
    void failNextRun() {
        failsNextRun.set(true);
    }

    void forgetAllRuns() {
        stops.values().forEach(CountDownLatch::countDown);
        waiting.clear();
        running = "";
        history.clear();
    }

    List<JsonNode> graphs() {
        return stub.calls().stream()
                .filter(call -> call.path().equals("/prompt"))
                .map(call -> mapper.readTree(call.text()).path("prompt"))
                .toList();
    }

    long count(String path) {
        return stub.calls().stream()
                .filter(call -> call.path().startsWith(path))
                .count();
    }

    @Override
    public void close() {
        stops.values().forEach(CountDownLatch::countDown);
        device.shutdownNow();
        sockets.close();
        stub.close();
    }

    private MockResponse answer(ProviderStub.Call call) {
        var path = call.path();
        if (path.startsWith("/ws?clientId=")) {
            return webSocket(path.substring("/ws?clientId=".length()));
        }
        if (path.startsWith("/history/")) {
            var id = path.substring("/history/".length());
            var found = mapper.createObjectNode();
            if (history.containsKey(id)) {
                found.set(id, history.get(id));
            }
            return json(found);
        }
        if (path.startsWith("/view?")) {
            var name = path.replaceAll(".*filename=([^&]*).*", "$1");
            return ProviderStub.answer(200, "image/png", images.getOrDefault(name, new byte[0]));
        }
        if (path.startsWith("/api/jobs/") && !older()) {
            return json(mapper.createObjectNode().put("cancelled", stop(path.split("/", -1)[3])));
        }
        return switch (path) {
            case "/prompt" ->
                failsNextRun.getAndSet(false) ? ProviderStub.status(502) : submit(mapper.readTree(call.text()));
            case "/upload/image" -> upload(call);
            case "/queue" -> call.method().equals("GET") ? queue() : unqueue(mapper.readTree(call.text()));
            case "/interrupt" -> {
                stop(running);
                yield ProviderStub.status(200);
            }
            default -> ProviderStub.status(404);
        };
    }

    /** As the server does, it keeps the file in a folder of its own choice. */
    private MockResponse upload(ProviderStub.Call call) {
        var form = call.body().string(StandardCharsets.ISO_8859_1);
        var name = form.replaceAll("(?s).*name=\"image\"; filename=\"([^\"]*)\".*", "$1");
        if (!call.method().equals("POST") || !form.contains("name=\"type\"") || name.equals(form)) {
            return ProviderStub.status(400);
        }
        uploads.add(name);
        return json(mapper.createObjectNode()
                .put("name", name)
                .put("subfolder", "from atelier")
                .put("type", "input"));
    }

    /** The names of the files that were uploaded. */
    List<String> uploads() {
        return List.copyOf(uploads);
    }

    private boolean older() {
        return traits.contains(Trait.OLDER) || traits.contains(Trait.OLDEST);
    }

    private MockResponse webSocket(String client) {
        if (traits.contains(Trait.NO_SOCKETS)) {
            return ProviderStub.status(404);
        }
        return sockets.upgrade(client);
    }

    private MockResponse submit(JsonNode body) {
        for (var node : body.path("prompt")) {
            if (node.path("inputs").path("ckpt_name").asString("").equals("missing")) {
                return ProviderStub.json(
                        400,
                        "{\"error\":{\"type\":\"prompt_outputs_failed_validation\",\"message\":\"Prompt outputs failed"
                                + " validation\"},"
                                + "\"node_errors\":{\"checkpoint\":{\"class_type\":\"CheckpointLoaderSimple\",\"errors\":[{\"message\":\"Value"
                                + " not in list\",\"details\":\"ckpt_name: 'missing' not in ['dream']\"}]}}}");
            }
        }
        var id = traits.contains(Trait.OLDEST)
                ? UUID.randomUUID().toString()
                : body.path("prompt_id").asString("");
        stops.put(id, new CountDownLatch(1));
        waiting.add(id);
        device.execute(() -> execute(id, body));
        return json(mapper.createObjectNode().put("prompt_id", id).put("number", 1));
    }

    private MockResponse queue() {
        var queue = mapper.createObjectNode();
        var pending = queue.putArray("queue_pending");
        waiting.forEach(id -> pending.addArray().add(1).add(id));
        var current = queue.putArray("queue_running");
        if (!running.isEmpty()) {
            current.addArray().add(1).add(running);
        }
        return json(queue);
    }

    private MockResponse unqueue(JsonNode body) {
        body.path("delete").forEach(id -> waiting.remove(id.asString("")));
        return ProviderStub.status(200);
    }

    private boolean stop(String id) {
        var stop = stops.get(id);
        if (stop == null) {
            return false;
        }
        stop.countDown();
        return waiting.remove(id) || running.equals(id);
    }

    private void execute(String id, JsonNode body) {
        synchronized (this) {
            if (!waiting.remove(id)) {
                return;
            }
            running = id;
        }
        var client = body.path("client_id").asString("");
        if (traits.contains(Trait.BREAKS_SOCKETS)) {
            sockets.close(client);
        }
        try {
            var end = run(id, client, body.path("prompt"));
            // Clients must not rely on finding a run in the history right after its event.
            new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS);
            if (running.equals(id)) {
                history.put(id, end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running = "";
        }
    }

    private ObjectNode run(String id, String client, JsonNode graph) throws InterruptedException {
        var sampler = graph.path("sampler").path("inputs");
        int steps = sampler.path("steps").asInt(1);
        for (int step = 1; step <= steps; step++) {
            if (Objects.requireNonNull(stops.get(id)).await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                return ended(client, "execution_interrupted", "error", data(id));
            }
            sockets.send(
                    client,
                    "progress",
                    data(id).put("node", "sampler").put("value", step).put("max", steps));
        }
        if (traits.contains(Trait.SMALL) || traits.contains(Trait.BROKEN)) {
            boolean small = traits.contains(Trait.SMALL);
            var data = data(id).put("node_type", "KSampler")
                    .put("exception_type", small ? "torch.OutOfMemoryError" : "RuntimeError")
                    .put("exception_message", small ? "Allocation on device" : "mat1 and mat2 do not fit");
            return ended(client, "execution_error", "error", data);
        }
        var end = ended(client, "execution_success", "success", data(id));
        addImages(id, graph, end);
        return end;
    }

    private void addImages(String id, JsonNode graph, ObjectNode end) {
        var size = graph.path("canvas").path("inputs");
        var outputs = end.putObject("outputs");
        var previews = outputs.putObject("preview").putArray("images");
        if (traits.contains(Trait.NOTHING_SAVED)) {
            return;
        }
        previews.addObject().put("filename", "preview.png").put("subfolder", "").put("type", "temp");
        var saved = outputs.putObject("picture").putArray("images");
        int batch =
                traits.contains(Trait.ONE_IMAGE) ? 1 : size.path("batch_size").asInt(1);
        for (int i = 0; i < batch; i++) {
            var name = id + "-" + i + ".png";
            var seed = graph.path("sampler").path("inputs").path("seed").asLong(0);
            images.put(
                    name,
                    traits.contains(Trait.NO_IMAGES)
                            ? new byte[] {1, 2, 3}
                            : SampleImages.png(
                                    size.path("width").asInt(8),
                                    size.path("height").asInt(8),
                                    seed));
            saved.addObject().put("filename", name).put("subfolder", "a b").put("type", "output");
        }
    }

    private ObjectNode ended(String client, String event, String status, ObjectNode data) {
        var end = mapper.createObjectNode();
        end.putObject("outputs");
        var statusNode = end.putObject("status");
        statusNode
                .put("status_str", status)
                .putArray("messages")
                .addArray()
                .add(event)
                .add(data);
        sockets.send(client, event, data);
        return end;
    }

    private ObjectNode data(String id) {
        return mapper.createObjectNode().put("prompt_id", id);
    }

    private MockResponse json(ObjectNode body) {
        return ProviderStub.json(200, mapper.writeValueAsString(body));
    }

    /** The paths of the requests for images. */
    List<String> fetchedImages() {
        var paths = new ArrayList<String>();
        stub.calls().stream()
                .map(ProviderStub.Call::path)
                .filter(path -> path.startsWith("/view?"))
                .forEach(paths::add);
        return paths;
    }
}
