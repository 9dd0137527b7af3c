package io.atelier.gateway.webhooks;

import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Posts messages to receivers. Each attempt opens a connection of its own, so that it resolves and checks the host, follows no redirect, and
 * ends with the status of the response: of its content no more is read than 64 kB or what comes within a second. Uses no proxy. Thread-safe; does not block.
 */
final class WebhookClient {

    private static final Pattern HTTP = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);
    private static final int MAX_RESPONSE_BYTES = 64 << 10;
    private static final Duration MAX_RESPONSE_TIME = Duration.ofSeconds(1);

    private final WebhookSigner signer;
    private final Duration timeout;
    private final Clock clock;
    private final HttpClient http;

    /** @param timeout for one attempt, from the look-up of the host to the status of the response */
    WebhookClient(WebhookSigner signer, GuardedResolver resolver, Duration timeout, Clock clock) {
        this(
                signer,
                timeout,
                clock,
                HttpClient.create(ConnectionProvider.newConnection()).resolver(resolver));
    }

    /** @param http what the client is made of */
    WebhookClient(WebhookSigner signer, Duration timeout, Clock clock, HttpClient http) {
        this.signer = signer;
        this.timeout = timeout;
        this.clock = clock;
        this.http = http.followRedirect(false).disableRetry(true).keepAlive(false);
    }

    /** Makes an attempt. A failure of any kind is a result, not an error. */
    Mono<AttemptResult> send(WebhookDelivery delivery) {
        return Mono.defer(() -> {
            var at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            long start = System.nanoTime();
            return Mono.defer(() -> post(delivery, at))
                    .timeout(timeout)
                    .map(reply -> new AttemptResult(
                            new Attempt(at, reply.status(), AttemptFailures.of(reply.status()), millisSince(start)),
                            RetryAfterHeader.read(reply.status(), reply.retryAfter(), clock.instant())))
                    .onErrorResume(failure -> Mono.just(new AttemptResult(
                            new Attempt(at, null, AttemptFailures.of(failure, timeout), millisSince(start)), null)));
        });
    }

    private Mono<Reply> post(WebhookDelivery delivery, Instant at) {
        URI receiver;
        try {
            receiver = httpAddress(delivery.url());
        } catch (URISyntaxException e) {
            return Mono.error(e);
        }
        var body = delivery.body().getBytes(StandardCharsets.UTF_8);
        return http.headers(headers -> addHeaders(headers, delivery, at, body.length))
                .post()
                .uri(receiver)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .response(WebhookClient::read)
                .single();
    }

    private static URI httpAddress(String url) throws URISyntaxException {
        var address = new URI(url).parseServerAuthority();
        if (address.getHost() == null || !HTTP.matcher(address.getScheme()).matches()) {
            throw new URISyntaxException(url, "is no http address");
        }
        return address;
    }

    private void addHeaders(HttpHeaders headers, WebhookDelivery delivery, Instant at, int length) {
        headers.set("content-type", "application/json")
                .set("content-length", length)
                .set("user-agent", "Atelier")
                .set("webhook-id", delivery.id())
                .set("webhook-timestamp", WebhookSigner.timestamp(at))
                .set("webhook-signature", signer.signature(delivery.id(), at, delivery.body()));
        var traceparent = delivery.traceparent();
        if (traceparent != null) {
            headers.set("traceparent", traceparent);
        }
    }

    /** Reads the content, which has no meaning, so that most receivers can send it as a whole. */
    private static Mono<Reply> read(HttpClientResponse response, ByteBufFlux content) {
        var reply =
                new Reply(response.status().code(), response.responseHeaders().get("retry-after"));
        return content.scan(0L, (Long bytes, ByteBuf part) -> bytes + part.readableBytes())
                .takeUntil(bytes -> bytes >= MAX_RESPONSE_BYTES)
                .take(MAX_RESPONSE_TIME)
                .onErrorComplete()
                .then(Mono.just(reply));
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /**
     * A response.
     *
     * @param retryAfter the header {@code retry-after}; null if there is none
     */
    private record Reply(int status, @Nullable String retryAfter) {}
}
