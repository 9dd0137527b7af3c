package io.atelier.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A client of Atelier's HTTP API. Calls block. A request that got no answer, or one that says that it may succeed later, is sent again; one that creates a
 * generation has an idempotency key, so that it creates one only. Thread-safe; one instance serves a whole program.
 */
public final class AtelierClient {

    private static final String GENERATIONS = "/v1/generations";
    private static final String BATCHES = "/v1/batches";
    private static final String JSON = "application/json";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

    /** What the server may take longer than it was asked to wait. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final HttpCalls calls;

    private AtelierClient(HttpCalls calls) {
        this.calls = calls;
    }

    /** A client of the server at this address, such as {@code http://127.0.0.1:8080}, with the standard settings. */
    public static AtelierClient of(URI address) {
        return builder(address).build();
    }

    /** Builds a client. */
    public static Builder builder(URI address) {
        return new Builder(address);
    }

    /**
     * Creates a generation. Returns when it is stored durably, before its images exist.
     *
     * @throws AtelierRefused if the server refuses the request
     * @throws AtelierUnreachable if no answer came; the same request may be created later without doubling it, by {@link #create(ImageRequest, String)}
     *     with a key of your own
     */
    public GenerationView create(ImageRequest request) {
        return create(request, UUID.randomUUID().toString());
    }

    /**
     * Like {@link #create(ImageRequest)}, with your own name for the request: the same name and request return the existing generation.
     *
     * @param key 1 to 255 printable ASCII characters
     */
    public GenerationView create(ImageRequest request, String key) {
        return calls.json(
                calls.request(GENERATIONS)
                        .header("Content-Type", JSON)
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(calls.write(request.fields())))
                        .build(),
                GenerationView.class);
    }

    /**
     * Creates a generation and waits for its images.
     *
     * @throws GenerationUnsuccessful if it ends without images
     * @throws GenerationPending if it has not ended within the timeout; it goes on
     */
    public GenerationView generate(ImageRequest request, Duration timeout) {
        var end = deadline(timeout);
        return await(create(request).id(), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /**
     * Creates a generation for each of several prompts, in this order. Returns when all are stored durably. Throws like {@link #create(ImageRequest)}.
     *
     * @param prompts 1 to 100
     * @param parameters sets what holds for all of them, such as {@code request -> request.model("pocket")}
     */
    public BatchView createBatch(List<String> prompts, UnaryOperator<ImageRequest.Builder> parameters) {
        return createBatch(prompts, parameters, UUID.randomUUID().toString());
    }

    /**
     * Like {@link #createBatch(List, UnaryOperator)}, with your own name for the request: the same name and request return the existing batch, and create
     * the generations of it that are missing because an earlier call broke off.
     *
     * @param key 1 to 255 printable ASCII characters
     */
    public BatchView createBatch(List<String> prompts, UnaryOperator<ImageRequest.Builder> parameters, String key) {
        var fields = new LinkedHashMap<>(
                parameters.apply(ImageRequest.builder("")).build().fields());
        fields.remove("prompt");
        fields.put("prompts", prompts);
        return calls.json(
                calls.request(BATCHES)
                        .header("Content-Type", JSON)
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(calls.write(fields)))
                        .build(),
                BatchView.class);
    }

    /** The present state of a batch, with the generations in the order of their prompts. */
    public BatchView batch(String id) {
        return calls.json(
                calls.request(BATCHES + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8))
                        .build(),
                BatchView.class);
    }

    /** The present state of a generation. */
    public GenerationView get(String id) {
        return calls.json(calls.request(path(id)).build(), GenerationView.class);
    }

    /** Waits for the end of a generation. Throws like {@link #generate}. */
    public GenerationView await(String id, Duration timeout) {
        var end = deadline(timeout);
        while (true) {
            long left = Math.max(0, end - System.nanoTime());
            var wait = Duration.ofNanos(Math.min(left, LONGEST_WAIT.toNanos()));
            var request =
                    calls.request(path(id)).timeout(calls.timeout().plus(wait).plus(MARGIN));
            if (wait.toSeconds() > 0) {
                request.header("Prefer", "wait=" + wait.toSeconds());
            }
            var state = calls.json(request.build(), GenerationView.class);
            if (state.succeeded()) {
                return state;
            }
            if (state.terminal()) {
                throw new GenerationUnsuccessful(state);
            }
            if (end - System.nanoTime() <= 0) {
                throw new GenerationPending(state);
            }
        }
    }

    /** The events of a generation, from the present state on. */
    public GenerationEvents events(String id) {
        return new GenerationEvents(last -> open(path(id) + "/events", last), calls::tree);
    }

    private InputStream open(String path, @Nullable String lastId) {
        var request = calls.request(path).header("Accept", "text/event-stream");
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        return calls.send(request.build()).body();
    }

    /**
     * The bytes of an image.
     *
     * @throws AtelierUnreachable if they did not arrive whole
     */
    public byte[] image(String id, int index) {
        var response = calls.send(calls.request(path(id) + "/images/" + index).build());
        try (var body = response.body()) {
            var bytes = body.readAllBytes();
            var digest = ContentDigest.sha256();
            digest.update(bytes);
            ContentDigest.require(response, digest);
            return bytes;
        } catch (IOException e) {
            throw new AtelierUnreachable("The image broke off: " + e, e);
        }
    }

    /** Saves an image. The file exists only when all of its bytes have arrived; one that was there before is replaced. Throws like {@link #image}. */
    public void save(String id, int index, Path file) throws IOException {
        var response = calls.send(calls.request(path(id) + "/images/" + index).build());
        var folder = file.toAbsolutePath().getParent();
        var partial = Files.createTempFile(folder, ".", ".part");
        try {
            var digest = ContentDigest.sha256();
            try (var body = new DigestInputStream(response.body(), digest)) {
                Files.copy(body, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            ContentDigest.require(response, digest);
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** Asks to cancel a generation; the state after that. Idempotent. */
    public GenerationView cancel(String id) {
        return calls.json(
                calls.request(path(id) + "/cancel")
                        .POST(BodyPublishers.noBody())
                        .build(),
                GenerationView.class);
    }

    /** Creates a generation with the same request as one that has ended. */
    public GenerationView retry(String id) {
        return calls.json(
                calls.request(path(id) + "/retry")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(BodyPublishers.noBody())
                        .build(),
                GenerationView.class);
    }

    /** Cancels a generation, and erases its images and texts. Idempotent. */
    public void delete(String id) {
        close(calls.send(calls.request(path(id)).DELETE().build()));
    }

    /**
     * Uploads an image file, to be changed by a generation. The same bytes are kept once.
     *
     * @param mediaType {@code image/png}, {@code image/jpeg}, {@code image/webp} or {@code image/gif}
     */
    public FileView upload(byte[] file, String mediaType) {
        return calls.json(
                calls.request("/v1/files")
                        .header("Content-Type", mediaType)
                        .POST(BodyPublishers.ofByteArray(file))
                        .build(),
                FileView.class);
    }

    private static String path(String id) {
        return GENERATIONS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    private static void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new AtelierUnreachable("The answer broke off: " + e, e);
        }
    }

    /** Sets up a client. Not thread-safe. */
    public static final class Builder {

        private final URI address;
        private Duration timeout = Duration.ofSeconds(30);
        private int maxRetries = 3;
        private @Nullable HttpClient http;

        private Builder(URI address) {
            this.address = address;
        }

        /** How long to wait for each answer; 30 s by default. */
        public Builder timeout(Duration each) {
            this.timeout = each;
            return this;
        }

        /** How often a request is sent again; 3 times by default, 0 for never. */
        public Builder maxRetries(int times) {
            this.maxRetries = times;
            return this;
        }

        /** A client of your own, for a proxy, TLS settings or threads. */
        public Builder httpClient(HttpClient client) {
            this.http = client;
            return this;
        }

        /** The client. */
        public AtelierClient build() {
            var client = http == null
                    ? HttpClient.newBuilder().connectTimeout(timeout).build()
                    : http;
            return new AtelierClient(new HttpCalls(client, address, timeout, maxRetries));
        }
    }
}
