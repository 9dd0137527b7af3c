package io.atelier.generator.engine.automatic1111;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.worker.cancellation.Cancellation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Automatic1111CancellationTests {

    private final FakeWebUi server = new FakeWebUi(true);
    private final Cancellation cancellation = new Cancellation();
    private final GenerationRun run = new GenerationRun("a job", 1, (phase, step, of) -> {}, cancellation);

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void canceledRunStopsTheServer(boolean knowsTaskIds) throws Exception {
        try (var other = new FakeWebUi(knowsTaskIds)) {
            var canceled = generateAsync(
                    other.engine(), EngineRequests.of(1, 7).steps(4000).request());
            await().until(other::isGenerating);

            cancellation.request();

            assertThatThrownBy(() -> canceled.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
            assertThat(other.isGenerating()).isFalse();
            assertThat(other.endedEarly()).isEqualTo(1);
            assertThat(other.count(FakeWebUi.TXT2IMG)).isEqualTo(1);
        }
    }

    @Test
    void requestOfAnotherClientIsNotInterrupted() throws Exception {
        var otherClient = server.occupyByAnotherClient();
        try {
            var canceled = generateAsync(
                    server.engine("stop-timeout", "300ms"),
                    EngineRequests.of(1, 7).request());
            await().until(() -> server.waiting() == 1);
            // After the first poll the engine knows that its request is queued.
            await().until(() -> server.count("/internal/progress") > 2);

            cancellation.request();

            assertThatThrownBy(() -> canceled.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
            assertThat(server.count("/sdapi/v1/interrupt")).isZero();
        } finally {
            otherClient.close();
        }
    }

    @Test
    void canceledRunThatWaitsForItsTurnSendsNothing() throws Exception {
        var engine = server.engine();
        var firstRun = new GenerationRun("first", 1, (phase, step, of) -> {}, new Cancellation());
        var first = CompletableFuture.supplyAsync(
                () -> engine.generate(EngineRequests.of(1, 7).steps(100).request(), firstRun));
        await().until(server::isGenerating);
        var waiting = generateAsync(engine, EngineRequests.of(1, 8).request());

        cancellation.request();

        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
        assertThat(first.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.endedEarly()).isZero();
        assertThat(server.count(FakeWebUi.TXT2IMG)).isEqualTo(1);
    }

    @Test
    void canceledRunThatWaitsForItsTurnPassesTheTurnOn() throws Exception {
        var engine = server.engine();
        var otherRun = new GenerationRun("another", 1, (phase, step, of) -> {}, new Cancellation());
        var first = CompletableFuture.supplyAsync(
                () -> engine.generate(EngineRequests.of(1, 7).steps(100).request(), otherRun));
        await().until(server::isGenerating);
        var waiting = generateAsync(engine, EngineRequests.of(1, 8).request());
        cancellation.request();
        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);

        var last = engine.generate(EngineRequests.of(1, 9).request(), otherRun);

        assertThat(first.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(last).hasSize(1);
        assertThat(server.bodies(FakeWebUi.TXT2IMG))
                .extracting(body -> body.path("seed").asLong())
                .containsExactly(7L, 9L);
    }

    @Test
    void errorAfterAnInterruptIsNotRetried() {
        server.respondWith(call -> {
            cancellation.request();
            return ProviderStub.after(100, ProviderStub.json(500, "{\"error\":\"AttributeError\"}"));
        });

        assertThatThrownBy(
                        () -> server.engine().generate(EngineRequests.of(1, 7).request(), run))
                .isInstanceOf(GenerationCanceled.class);
        assertThat(server.count(FakeWebUi.TXT2IMG)).isEqualTo(1);
    }

    @Test
    void requestThatTimesOutIsInterruptedAndNotRetried() {
        var failure = failure(
                server.engine("remote.timeouts.call-timeout", "300ms"),
                EngineRequests.of(1, 7).steps(4000));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        await().until(() -> server.endedEarly() == 1);
        assertThat(server.count(FakeWebUi.TXT2IMG)).isEqualTo(1);
    }

    private CompletableFuture<List<GeneratedImage>> generateAsync(
            Automatic1111Engine engine, GenerationRequest request) {
        return CompletableFuture.supplyAsync(() -> engine.generate(request, run));
    }

    private Failure failure(Automatic1111Engine engine, EngineRequests requests) {
        return catchThrowableOfType(GenerationFailed.class, () -> engine.generate(requests.request(), run))
                .failure();
    }
}
