package io.atelier.standalone.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers like the Hugging Face Hub: a description of a repository with checksums, small files from the hub itself, and those in Git LFS through a
 * redirect to a second server, which serves ranges. Reasons of errors are in the headers that the hub's own client reads.
 */
final class FakeHub implements AutoCloseable {

    static final String REPOSITORY = "artist/tiny-sdxl";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer hub = server(this::answerHub);
    private final HttpServer store = server(this::answerStore);
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Object> card = new LinkedHashMap<>();
    private final List<Map<String, Object>> extraFiles = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final AtomicLong cutAfter = new AtomicLong(-1);
    private final AtomicReference<@Nullable Refusal> descriptionRefusal = new AtomicReference<>();
    private volatile @Nullable Refusal fileRefusal;
    private volatile String cutPath = "";
    private volatile String damaged = "";
    private volatile String stalled = "";
    private final CountDownLatch closed = new CountDownLatch(1);

    /** An error of the hub. */
    record Refusal(int status, String code, String message) {}

    /** Serves the files of a folder. */
    FakeHub(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    FakeHub put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    FakeHub remove(String path) {
        files.remove(path);
        return this;
    }

    /** A field of the model card. */
    FakeHub card(String field, Object value) {
        card.put(field, value);
        return this;
    }

    /** A file in the list that is not there. */
    FakeHub announce(String path, long size) {
        extraFiles.add(Map.of(
                "rfilename", path, "size", size, "blobId", "0".repeat(40), "lfs", Map.of("sha256", "0".repeat(64))));
        return this;
    }

    /** The next description of the repository is refused. */
    FakeHub refuseDescriptionOnce(int status, String code, String message) {
        descriptionRefusal.set(new Refusal(status, code, message));
        return this;
    }

    FakeHub refuseFiles(int status, String code, String message) {
        fileRefusal = new Refusal(status, code, message);
        return this;
    }

    /** The next response breaks off after so many bytes. */
    FakeHub cut(String pathPattern, long bytes) {
        cutPath = pathPattern;
        cutAfter.set(bytes);
        return this;
    }

    /** The bytes of a file differ from its checksum. */
    FakeHub damage(String path) {
        damaged = path;
        return this;
    }

    /** A response ends after its first byte, but its connection stays open. */
    FakeHub stall(String pathPattern) {
        stalled = pathPattern;
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private String storeUrl() {
        return "http://localhost:" + store.getAddress().getPort();
    }

    /** Paths of both servers. */
    List<String> requests() {
        return requests;
    }

    /** The values of {@code Range} at the second server. */
    List<String> ranges() {
        return ranges;
    }

    /** Server and token of each request that had one. */
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        store.stop(0);
    }

    private void answerHub(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        requests.add(path);
        note("hub", exchange);
        if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")) {
            describe(exchange, path.endsWith("/nowhere"));
        } else if (path.startsWith("/" + REPOSITORY + "/resolve/" + COMMIT + "/")) {
            resolve(exchange, path.substring(("/" + REPOSITORY + "/resolve/" + COMMIT + "/").length()));
        } else {
            refuse(exchange, new Refusal(401, "RepoNotFound", "Invalid username or password."));
        }
    }

    private void describe(HttpExchange exchange, boolean isUnknownRevision) throws IOException {
        var refusal = descriptionRefusal.getAndSet(null);
        if (refusal != null || isUnknownRevision) {
            refuse(
                    exchange,
                    refusal != null ? refusal : new Refusal(404, "RevisionNotFound", "Invalid rev id: nowhere"));
            return;
        }
        var siblings = new ArrayList<Map<String, Object>>(extraFiles);
        files.forEach((path, content) -> siblings.add(sibling(path, content)));
        var body = JSON.writeValueAsBytes(
                Map.of("id", REPOSITORY, "sha", COMMIT, "gated", false, "cardData", card, "siblings", siblings));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, 200, body, 0);
    }

    private static Map<String, Object> sibling(String path, byte[] content) {
        var sibling = new LinkedHashMap<String, Object>();
        sibling.put("rfilename", path);
        sibling.put("size", content.length);
        sibling.put("blobId", gitBlob(isLarge(path) ? pointer(content) : content));
        if (isLarge(path)) {
            sibling.put(
                    "lfs", Map.of("sha256", digest("SHA-256", content), "size", content.length, "pointerSize", 134));
        }
        return sibling;
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        var content = files.get(path);
        var refusal = fileRefusal;
        if (refusal != null) {
            refuse(exchange, refusal);
        } else if (content == null) {
            refuse(exchange, new Refusal(404, "EntryNotFound", "Entry not found"));
        } else if (isLarge(path)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + digest("SHA-256", content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
            exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
            exchange.getResponseHeaders().set("Location", storeUrl() + "/" + path + "?signature=secret");
            send(exchange, 302, new byte[0], 0);
        } else {
            exchange.getResponseHeaders().set("ETag", "\"" + gitBlob(content) + "\"");
            send(exchange, 200, path.equals(damaged) ? damaged(content) : content, 0);
        }
    }

    private void answerStore(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().substring(1);
        requests.add("store " + path);
        note("store", exchange);
        var content = files.getOrDefault(path, new byte[0]);
        var tag = "\"v1\"";
        exchange.getResponseHeaders().set("ETag", tag);
        var range = exchange.getRequestHeaders().getFirst("Range");
        var condition = exchange.getRequestHeaders().getFirst("If-Range");
        int from = range == null || (condition != null && !condition.equals(tag))
                ? 0
                : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
            ranges.add(range);
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        send(exchange, from > 0 ? 206 : 200, path.equals(damaged) ? damaged(content) : content, from);
    }

    private void send(HttpExchange exchange, int status, byte[] content, int from) throws IOException {
        int length = content.length - from;
        var path = exchange.getRequestURI().getPath();
        long cut = path.matches(cutPath) ? cutAfter.getAndSet(-1) : -1;
        try (exchange) {
            exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
            if (path.matches(stalled)) {
                exchange.getResponseBody().write(content, from, 1);
                exchange.getResponseBody().flush();
                closed.await();
            } else if (length > 0) {
                exchange.getResponseBody().write(content, from, cut >= 0 ? (int) Math.min(cut, length) : length);
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", refusal.code());
        exchange.getResponseHeaders().set("X-Error-Message", refusal.message());
        send(exchange, refusal.status(), JSON.writeValueAsBytes(Map.of("error", refusal.message())), 0);
    }

    private void note(String server, HttpExchange exchange) {
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            authorizations.add(server + " " + authorization);
        }
    }

    private static byte[] damaged(byte[] content) {
        var other = content.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    private static boolean isLarge(String path) {
        return path.contains(".onnx") || path.endsWith(".safetensors");
    }

    private static byte[] pointer(byte[] content) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
                .formatted(digest("SHA-256", content), content.length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String gitBlob(byte[] content) {
        var header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        var blob = new byte[header.length + content.length];
        System.arraycopy(header, 0, blob, 0, header.length);
        System.arraycopy(content, 0, blob, header.length, content.length);
        return digest("SHA-1", blob);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                var thread = new Thread(task, "fake-hub");
                thread.setDaemon(true);
                return thread;
            }));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
