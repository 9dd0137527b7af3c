package io.atelier.standalone.models.transfer;

import io.atelier.standalone.client.ConnectionFailure;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to servers of files. Follows redirects; the token goes to its own server only, and not where that one redirects to. Thread-safe.
 */
public final class FileServer {

    private static final int MAX_REDIRECTS = 8;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

    private final TransferLimits limits;
    private final @Nullable AccessToken token;
    private final Consumer<String> notices;

    /** @param notices shows people what failed, and when it is tried again */
    public FileServer(TransferLimits limits, @Nullable AccessToken token, Consumer<String> notices) {
        this.limits = limits;
        this.token = token;
        this.notices = notices;
    }

    TransferLimits limits() {
        return limits;
    }

    /** Whether requests carry a token. */
    public boolean hasToken() {
        return token != null;
    }

    /**
     * Reads a text. Tries again if the server cannot be reached or is overloaded.
     *
     * @param limit the largest number of bytes
     * @param refusal what an error response means
     * @throws CommandFailed if there is no such text
     */
    public String text(URI address, int limit, Function<WebResponse, CommandFailed> refusal) {
        return retrying(address, () -> {
            try (var response = open("GET", address, Map.of())) {
                requireUsable(response, refusal);
                var bytes = response.body().readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw new CommandFailed(ExitCode.REFUSED, "%s has more than %d bytes.".formatted(address, limit));
                }
                if (bytes.length < response.length()) {
                    throw new IOException("the connection was closed before the response was complete");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        });
    }

    /**
     * Asks for the size and the version of a file. Tries again if the server cannot be reached or is overloaded.
     *
     * @param described makes something of a response without a body
     * @return empty if there is no such file
     */
    public <T> Optional<T> describe(
            URI address, Function<WebResponse, T> described, Function<WebResponse, CommandFailed> refusal) {
        return retrying(address, () -> {
            try (var response = open("HEAD", address, Map.of())) {
                // Stores of objects that may not be listed refuse what is missing with 403.
                if (Set.of(403, 404, 410).contains(response.status())) {
                    return Optional.<T>empty();
                }
                requireUsable(response, refusal);
                return Optional.of(described.apply(response));
            }
        });
    }

    /** Opens a response, whatever its status is. */
    WebResponse open(String method, URI address, Map<String, String> headers) throws IOException {
        var current = address;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            var response = send(method, current, headers);
            if (!REDIRECTS.contains(response.status())) {
                return response;
            }
            response.close();
            current = redirected(current, response.header("Location").orElse(""));
        }
        throw new IOException("more than %d redirects".formatted(MAX_REDIRECTS));
    }

    /** Throws an exception if the response is an error: one that may pass, or the refusal. */
    static void requireUsable(WebResponse response, Function<WebResponse, CommandFailed> refusal) throws IOException {
        if (TRANSIENT.contains(response.status())) {
            throw new TransientResponse(response.status(), retryAfter(response));
        }
        if (response.isError()) {
            throw refusal.apply(response);
        }
    }

    /** What a failed exchange means for people; without a full stop. */
    static String describe(IOException failure) {
        return failure instanceof TransientResponse
                ? CommandFailed.reason(failure)
                : ConnectionFailure.describe(failure);
    }

    /**
     * Says what failed and when it is tried again, and waits until then.
     *
     * @param name of what is transferred
     * @param failures how many attempts have failed
     */
    void pause(String name, int failures, IOException failure) {
        var delay = delay(failures, failure);
        notices.accept("%s: %s; trying again in %d s."
                .formatted(name, describe(failure), delay.plusMillis(999).toSeconds()));
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.NOT_RUNNING, "Interrupted while waiting for the server.");
        }
    }

    private Duration delay(int failures, IOException failure) {
        var delay = limits.retryDelays().get(failures - 1);
        var asked = failure instanceof TransientResponse response ? response.retryAfter() : Duration.ZERO;
        return asked.compareTo(delay) > 0 ? asked : delay;
    }

    private <T> T retrying(URI address, Exchange<T> exchange) {
        for (int failures = 1; ; failures++) {
            try {
                return exchange.run();
            } catch (IOException e) {
                if (failures > limits.retryDelays().size()) {
                    throw new CommandFailed(
                            ExitCode.NOT_RUNNING,
                            "%s cannot be read: %s. Check the address and the network, then try again."
                                    .formatted(address, describe(e)));
                }
                pause(address.toString(), failures, e);
            }
        }
    }

    private WebResponse send(String method, URI address, Map<String, String> headers) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) limits.connectTimeout().toMillis());
        connection.setReadTimeout((int) limits.readTimeout().toMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "atelier");
        // Sizes and ranges are those of the file itself.
        connection.setRequestProperty("Accept-Encoding", "identity");
        headers.forEach(connection::setRequestProperty);
        if (token != null && token.isFor(address)) {
            connection.setRequestProperty("Authorization", "Bearer " + token.secret());
        }
        return new WebResponse(connection, address, connection.getResponseCode());
    }

    private static URI redirected(URI from, String location) throws IOException {
        try {
            var to = from.resolve(location);
            // Not from a secure address to one that is not.
            var allowed = "https".equals(from.getScheme()) ? Set.of("https") : Set.of("http", "https");
            boolean isSafe = to.getScheme() != null && allowed.contains(to.getScheme());
            if (location.isEmpty() || !isSafe || to.getHost() == null) {
                throw new IOException("it redirects to an address that is not used: '%s'".formatted(location));
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new IOException("it redirects to what is no address: '%s'".formatted(location), e);
        }
    }

    private static Duration retryAfter(WebResponse response) {
        var seconds = response.header("Retry-After").filter(text -> text.matches("\\d{1,6}"));
        var asked = Duration.ofSeconds(seconds.map(Long::parseLong).orElse(0L));
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }

    private interface Exchange<T> {

        T run() throws IOException;
    }

    /** An error response that may be another one in a while. */
    static final class TransientResponse extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient Duration retryAfter;

        TransientResponse(int status, Duration retryAfter) {
            super("it answered with HTTP " + status);
            this.retryAfter = retryAfter;
        }

        Duration retryAfter() {
            return retryAfter;
        }
    }
}
