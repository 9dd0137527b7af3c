package io.atelier.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamedAnswerTests {

    private static final String EVENTS = "text/event-stream";

    private final ProviderStub provider = new ProviderStub();
    private final Cancellation cancellation = new Cancellation();
    private final GenerationRun run = new GenerationRun("a job", 1, (phase, step, steps) -> {}, cancellation);
    private final List<String> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void eachLineIsReceivedOnceAndTheResponseContainsAll() {
        var text = "event: one\r\ndata: 1\n\ndata: " + "x".repeat(100_000) + "\nrest";
        provider.always(ProviderStub.answer(200, EVENTS, text.getBytes(StandardCharsets.UTF_8)));

        String all = remote().call(
                        request(), run, received::add, answer -> new String(answer.body(), StandardCharsets.UTF_8));

        assertThat(all).isEqualTo(text);
        assertThat(received).containsExactly("event: one", "data: 1", "", "data: " + "x".repeat(100_000));
    }

    @Test
    void onlySuccessfulEventStreamsAreReceivedLineByLine() {
        provider.then(
                ProviderStub.answer(500, EVENTS, "one\ntwo\n".getBytes(StandardCharsets.UTF_8)),
                ProviderStub.json(200, "1\n2\n"));

        var remote = remote();
        int failed = remote.call(request(), run, received::add, ProviderResponse::status);
        int answered = remote.call(request(), run, received::add, ProviderResponse::status);

        assertThat(List.of(failed, answered)).containsExactly(500, 200);
        assertThat(received).isEmpty();
    }

    @Test
    void aLineIsReceivedBeforeTheResponseEndsAndARunCanBeCanceledThen() {
        var endless = ProviderStub.answer(200, EVENTS, "one\ntwo\n".getBytes(StandardCharsets.UTF_8))
                .newBuilder()
                .throttleBody(4, 2, TimeUnit.SECONDS)
                .build();
        provider.then(endless).always(ProviderStub.json(200, "1"));
        var remote = remote();

        assertThatThrownBy(() -> remote.call(
                        request(),
                        run,
                        line -> {
                            received.add(line);
                            cancellation.request();
                        },
                        ProviderResponse::status))
                .isInstanceOf(GenerationCanceled.class);

        assertThat(received).containsExactly("one");
    }

    @Test
    void aStreamThatExceedsTheMaximumSizeIsAborted() {
        provider.always(ProviderStub.answer(200, EVENTS, "data\n".repeat(1000).getBytes(StandardCharsets.UTF_8)));

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> remote("limits.max-response", "1KB")
                        .call(request(), run, received::add, ProviderResponse::status));

        assertThat(thrown.failure().code()).isEqualTo(Code.INVALID_RESPONSE);
    }

    private ProviderClient remote(String... namesAndValues) {
        return new ProviderClients(new SimpleMeterRegistry()).open("scripted", SampleSettings.quick(namesAndValues));
    }

    private Request request() {
        return new Request.Builder().url(provider.url("/")).build();
    }
}
