package io.atelier.generator.provider;

import static io.atelier.generator.provider.ProviderStub.after;
import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.disconnect;
import static io.atelier.generator.provider.ProviderStub.png;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;
import static io.atelier.generator.provider.ProviderStub.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderClientTests {

    private static final Failure NO_IMAGE = new Failure(Code.INVALID_RESPONSE, "Invalid response");

    private final ProviderStub provider = new ProviderStub();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger calls = new AtomicInteger();
    private final GenerationRun run =
            new GenerationRun("a job", 1, (phase, step, steps) -> {}, cancellation, calls::incrementAndGet);

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void callsThatFailBecauseOfTheServerAreRetried() {
        provider.then(status(503), disconnect(), png(8, 8));

        assertThat(statusOf(client())).isEqualTo(200);
        assertThat(provider.calls()).hasSize(3);
    }

    @Test
    @DisplayName("B-11, B-12, B-24: every call is counted, whether the server refuses it, fails or cannot be reached")
    void everyCallIsCounted() {
        provider.then(status(503), disconnect(), png(8, 8));
        statusOf(client());
        assertThat(calls.getAndSet(0)).isEqualTo(3);

        provider.then(status(404));
        failure(client());
        assertThat(calls.getAndSet(0)).isEqualTo(1);

        provider.then(with(status(307), "Location", "/elsewhere"), png(8, 8));
        statusOf(client());
        assertThat(calls.getAndSet(0)).as("a redirect is part of its call").isEqualTo(1);

        provider.close();
        failure(client());
        assertThat(calls).hasValue(4);
    }

    @Test
    void queriesAndDownloadsAreNotCounted() {
        provider.always(png(8, 8));
        var client = client("fetch-private", "true");

        client.<Integer>query(get(), run, ProviderClientTests::read);
        client.<Integer>callOnce(get(), run, ProviderClientTests::read);
        client.downloadImage(provider.url("/a.png"), run, NO_IMAGE);

        assertThat(provider.calls()).hasSize(3);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aCallThatTheCircuitBreakerRejectsIsNotCounted() {
        provider.always(status(500));
        var client = client("retry.max-retries", "0", "breaker.calls", "2", "breaker.minimum", "2");
        failure(client);
        failure(client);

        assertThat(failure(client).code()).isEqualTo(Code.ENGINE_UNAVAILABLE);

        assertThat(provider.calls()).hasSize(2);
        assertThat(calls).hasValue(2);
    }

    @Test
    void thereAreAtMostFourCalls() {
        provider.always(status(503));

        assertThat(failure(client()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(4);
    }

    @Test
    void callsThatFailBecauseOfTheRequestAreNotRetried() {
        provider.always(status(404));

        assertThat(failure(client()).providerStatus()).isEqualTo(404);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void aServerThatDoesNotRespondIsATimeout() {
        provider.always(silence());

        var failure = failure(client("timeouts.read-timeout", "200ms", "retry.max-retries", "1"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).contains("timed out").contains("timeout after 0.2 s");
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    void timeoutsAreNotRetriedIfTheSettingsSaySo() {
        provider.always(silence());

        failure(client("timeouts.call-timeout", "200ms", "retry.timeouts", "false"));

        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void anUnreachableServerIsANetworkError() {
        provider.close();

        var failure = failure(client());

        assertThat(failure.code()).isEqualTo(Code.NETWORK_ERROR);
        // Without the address of the server, which only the operator may know.
        assertThat(failure.message()).isEqualTo("Network error during image generation: the server cannot be reached.");
    }

    @Test
    void aBrokenConnectionIsANetworkErrorThatNamesNoServer() {
        provider.always(disconnect());

        assertThat(failure(client("retry.max-retries", "0")).message())
                .isEqualTo("Network error during image generation: the connection to the server broke off.");
    }

    @Test
    void anUnknownHostIsNotNamed() {
        var unknown = TransportFailures.of(
                new UnknownHostException("gpu-7.cellar: Name or service not known"), SampleSettings.quick());

        assertThat(((GenerationFailed) unknown).failure().message())
                .isEqualTo("Network error during image generation: the server's name is not known.");
        assertThat(unknown).hasRootCauseMessage("gpu-7.cellar: Name or service not known");
    }

    @Test
    void aRetryWaitsForRetryAfter() {
        provider.then(with(status(429), "Retry-After", "1"), png(8, 8));

        assertThat(statusOf(client("retry.rate-limits", "true"))).isEqualTo(200);

        var calls = provider.calls();
        assertThat(calls.get(1).nanos() - calls.get(0).nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
    }

    @Test
    void aCallWithALongerRetryAfterThanTheMaximumIsNotRetried() {
        provider.always(with(status(429), "Retry-After", "61"));

        var failure = failure(client("retry.rate-limits", "true"));

        assertThat(failure.retryAfterSeconds()).isEqualTo(61);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void theNumberOfParallelCallsIsLimited() {
        provider.always(after(50, png(8, 8)));
        var client = client("connections.max", "3");

        var all = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> statusOf(client)))
                .toList();

        assertThat(all)
                .allSatisfy(one -> assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(200));
        assertThat(provider.connections()).isLessThanOrEqualTo(3);
    }

    @Test
    void jobsThatWaitForOneServerDoNotBlockCallsOfAnother() throws Exception {
        provider.always(silence());
        var clients = new ProviderClients(meters);
        try (var other = new ProviderStub();
                var silent = clients.open("silent", SampleSettings.quick());
                var quick = clients.open("quick", SampleSettings.quick())) {
            other.always(png(8, 8));
            var threads = Executors.newFixedThreadPool(60);
            var waiting = IntStream.range(0, 60)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> statusOf(silent), threads))
                    .toList();
            Awaitility.await().until(() -> provider.calls().size() == 10);
            var request = new Request.Builder().url(other.url("/draw")).build();

            var call = CompletableFuture.supplyAsync(() -> quick.call(request, run, ProviderClientTests::read));

            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(200);
            cancellation.request();
            assertThat(waiting)
                    .allSatisfy(one -> assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(GenerationCanceled.class));
            threads.shutdown();
        }
    }

    @Test
    void aServerThatIsNotReadyIsCalledAgainAfterRetryAfter() {
        provider.then(with(status(202), "Retry-After", "1")).always(png(8, 8));

        int status = client().<Integer>call(get(), run, answer -> {
            if (answer.status() == 202) {
                throw answer.failure(Code.ENGINE_UNAVAILABLE, "loading");
            }
            return answer.status();
        });

        assertThat(status).isEqualTo(200);
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    void anInvalidAddressIsRejectedWithTheNameOfTheSettingOnly() {
        assertThatThrownBy(() -> ProviderClients.address("ftp://user:secret@host", "A_URL"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A_URL")
                .hasMessageNotContaining("secret");
        assertThat(ProviderClients.address(" ", "A_URL")).isEmpty();
        assertThat(ProviderClients.address("http://host", "A_URL")).isPresent();
    }

    @DisplayName("At most the configured number of idle connections is kept")
    @Test
    void theNumberOfIdleConnectionsIsLimited() {
        provider.always(after(200, png(8, 8)));
        var client = client("connections.max", "6", "connections.idle", "2");

        var all = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> statusOf(client)))
                .toList();

        assertThat(all)
                .allSatisfy(one -> assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(200));
        assertThat(provider.connections()).isGreaterThan(2);
        Awaitility.await()
                .untilAsserted(() -> assertThat(client.idleConnections()).isBetween(1, 2));
    }

    @Test
    void theNumberOfCallsPerMinuteIsLimited() {
        provider.always(png(8, 8));
        var client = client("connections.calls-per-minute", "2", "timeouts.total-timeout", "5s");
        statusOf(client);
        statusOf(client);

        var failure = failure(client);

        assertThat(failure.code()).isEqualTo(Code.RATE_LIMITED);
        assertThat(failure.message()).startsWith("Rate limit exceeded").contains("2 calls a minute");
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    void theBreakerOpensAfterTooManyFailures() {
        provider.always(status(500));
        var client = client("breaker.minimum", "4", "breaker.calls", "4", "retry.max-retries", "3");

        assertThat(client.status().condition()).isEqualTo(Condition.READY);
        failure(client);

        assertThat(client.status().condition()).isEqualTo(Condition.FAILING);
        assertThat(failure(client).code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(provider.calls()).hasSize(4);
        assertThat(meters.get("resilience4j.circuitbreaker.state")
                        .tags("name", "scripted", "state", "open")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void theBreakerClosesAfterTheOpenInterval() throws Exception {
        provider.then(status(500), status(500)).always(png(8, 8));
        var client = client(
                "breaker.minimum",
                "2",
                "breaker.calls",
                "2",
                "breaker.open-interval",
                "300ms",
                "retry.max-retries",
                "1");
        failure(client);
        assertThat(failure(client).code()).isEqualTo(Code.ENGINE_UNAVAILABLE);

        Awaitility.await().until(() -> {
            try {
                return statusOf(client) == 200;
            } catch (GenerationFailed e) {
                return false;
            }
        });
    }

    @Test
    void aCanceledRunEndsItsCall() throws Exception {
        provider.always(silence());
        var client = client();
        var call = CompletableFuture.runAsync(() -> statusOf(client));
        Awaitility.await().until(() -> provider.calls().size() == 1);

        cancellation.request();

        assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
    }

    @Test
    void aResponseThatIsTooLongIsNotReadCompletely() {
        provider.always(answer(200, "image/png", new byte[2_000_000]));

        var failure = failure(client("limits.max-response", "1MB"));

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains("longer than 1048576 bytes");
        assertThat(provider.calls()).hasSize(2);
    }

    @Test
    void aPostThatIsRedirectedWith307KeepsItsBody() {
        provider.then(with(status(307), "Location", "/there")).always(png(8, 8));

        assertThat(client().<Integer>call(post(), run, ProviderClientTests::read))
                .isEqualTo(200);

        var calls = provider.calls();
        assertThat(calls.get(1).path()).isEqualTo("/there");
        assertThat(calls.get(1).text()).isEqualTo("body");
        assertThat(calls.get(1).header("Authorization")).isEqualTo("Bearer secret-key");
    }

    @Test
    void aRedirectedPostDoesNotBecomeAGet() {
        provider.then(with(status(302), "Location", "/there")).always(png(8, 8));
        var client = client();

        var thrown =
                catchThrowableOfType(GenerationFailed.class, () -> client.call(post(), run, ProviderClientTests::read));

        assertThat(thrown.failure().code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void credentialsAreNotSentToAnotherOrigin() {
        try (var other = new ProviderStub()) {
            other.always(png(8, 8));
            provider.always(with(status(308), "Location", other.url("/there")));

            client().<Integer>call(post(), run, ProviderClientTests::read);

            assertThat(other.calls().get(0).text()).isEqualTo("body");
            assertThat(other.calls().get(0).headers().names()).doesNotContain("Authorization");
        }
    }

    @Test
    void imagesAreNotFetchedFromPrivateNetworks() {
        provider.always(png(8, 8));
        var client = client("retry.max-retries", "0");

        for (var url : List.of(provider.url("/a.png"), "http://localhost:%d/a.png".formatted(provider.port()))) {
            assertThatThrownBy(() -> client.downloadImage(url, run, NO_IMAGE))
                    .isInstanceOf(GenerationFailed.class)
                    .hasMessageContaining("private network");
        }
        assertThat(provider.calls()).isEmpty();
        assertThat(client("fetch-private", "true")
                        .downloadImage(provider.url("/a.png"), run, NO_IMAGE)
                        .width())
                .isEqualTo(8);
    }

    @DisplayName("Small JPEGs that claim many pixels, five at once, are our own lack of memory: no exhausted heap, no"
            + " provider to blame")
    @Test
    void decodeBombsAreAShortageOfThisWorker() {
        var bomb = SampleImages.jpegClaiming(8192, 8192);
        provider.always(answer(200, "image/jpeg", bomb));
        var budget = new DecodingBudget(64 << 20, Duration.ofMillis(100));
        var client = new ProviderClients(meters, budget)
                .open("scripted", SampleSettings.quick("breaker.calls", "4", "breaker.minimum", "2"));

        var jobs = IntStream.range(0, 5)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                        GenerationFailed.class,
                        () -> client.call(get(), run, response -> client.decode(response.body(), NO_IMAGE)))))
                .toList();

        assertThat(jobs).allSatisfy(job -> {
            var failure = job.get(20, TimeUnit.SECONDS).failure();
            assertThat(failure.code()).isEqualTo(Code.OUT_OF_MEMORY);
            assertThat(failure.code().retryable()).isTrue();
            assertThat(failure.message()).contains("This worker has too little memory", "640 MB");
        });
        assertThat(client.status().condition()).isEqualTo(Condition.READY);
        assertThat(provider.calls()).hasSize(5);
    }

    @DisplayName("Any error while a response is read ends the call, and is not held against the provider")
    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, NoClassDefFoundError.class})
    void everyErrorEndsTheCall(Class<? extends Error> type) throws Exception {
        provider.always(png(8, 8));
        var client = client("breaker.calls", "2", "breaker.minimum", "1", "timeouts.total-timeout", "60s");
        Function<ProviderResponse, Integer> reader = response -> {
            throw error(type);
        };

        for (Callable<Integer> call : List.<Callable<Integer>>of(
                () -> client.call(get(), run, reader), () -> client.callOnce(get(), run, reader))) {
            var failed = CompletableFuture.supplyAsync(() -> catchThrowableOfType(GenerationFailed.class, call::call))
                    .get(10, TimeUnit.SECONDS);
            assertThat(failed.failure().code())
                    .isEqualTo(type == OutOfMemoryError.class ? Code.OUT_OF_MEMORY : Code.ENGINE_ERROR);
            assertThat(failed).hasCauseInstanceOf(type);
        }
        assertThat(client.status().condition()).isEqualTo(Condition.READY);
    }

    @Test
    void anErrorWhileAResponseArrivesEndsTheCall() throws Exception {
        provider.always(answer(200, "text/event-stream", "data: 1\n\n".getBytes(StandardCharsets.UTF_8)));
        var client = client();

        var failed = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                        GenerationFailed.class,
                        () -> client.call(
                                get(),
                                run,
                                line -> {
                                    throw new OutOfMemoryError("test");
                                },
                                ProviderResponse::status)))
                .get(10, TimeUnit.SECONDS);

        assertThat(failed.failure().code()).isEqualTo(Code.OUT_OF_MEMORY);
    }

    private static Error error(Class<? extends Error> type) {
        try {
            return type.getConstructor(String.class).newInstance("test");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private int statusOf(ProviderClient client) {
        return client.call(get(), run, ProviderClientTests::read);
    }

    private Failure failure(ProviderClient client) {
        return catchThrowableOfType(GenerationFailed.class, () -> statusOf(client))
                .failure();
    }

    private ProviderClient client(String... settings) {
        return new ProviderClients(meters).open("scripted", SampleSettings.quick(settings));
    }

    private Request get() {
        return new Request.Builder().url(provider.url("/draw")).build();
    }

    private Request post() {
        return new Request.Builder()
                .url(provider.url("/draw"))
                .header("Authorization", "Bearer secret-key")
                .post(RequestBody.create("body", MediaType.get("text/plain")))
                .build();
    }

    private static int read(ProviderResponse answer) {
        if (!answer.successful()) {
            var code = answer.status() >= 500
                    ? Code.PROVIDER_ERROR
                    : answer.status() == 429 ? Code.RATE_LIMITED : Code.REQUEST_REJECTED;
            throw answer.failure(code, "Status " + answer.status());
        }
        return answer.status();
    }
}
