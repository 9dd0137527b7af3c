package io.atelier.generator.engine.cloudflare;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.Requested;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** The three engines in front of one scripted Cloudflare, with retry pauses of milliseconds unless a test sets others. */
final class CloudflareFixtures implements AutoCloseable {

    static final String KEY = "test_key_1234";

    final ProviderStub provider = new ProviderStub();
    private final List<GenerationEngine> opened = new ArrayList<>();

    /** @param settings names such as {@code remote.timeouts.read-timeout} and values, in turn */
    GenerationEngine flux(String... settings) {
        var all = with(settings, "url", provider.url("/flux"));
        return closedWithThis(
                CloudflareEngine.flux(SampleSettings.bound(CloudflareSettings.Flux.class, all), clients()));
    }

    GenerationEngine sdxl(String... settings) {
        var all = with(settings, "url", provider.url("/sdxl"), "key", KEY);
        return closedWithThis(
                CloudflareEngine.sdxl(SampleSettings.bound(CloudflareSettings.Sdxl.class, all), clients()));
    }

    GenerationEngine workersAi(String... settings) {
        var all = with(settings, "url", provider.url("/client/v4"), "account", "acc0", "token", KEY);
        return closedWithThis(
                CloudflareEngine.workersAi(SampleSettings.bound(CloudflareSettings.WorkersAi.class, all), clients()));
    }

    static GeneratedImage generate(GenerationEngine engine, String prompt) {
        return generate(engine, Requested.of(prompt).request()).get(0);
    }

    static List<GeneratedImage> generate(GenerationEngine engine, GenerationRequest request) {
        return engine.generate(request, new GenerationRun("a job", 1, (phase, step, steps) -> {}, new Cancellation()));
    }

    static Failure failure(GenerationEngine engine) {
        return failure(engine, Requested.of("a cat").request());
    }

    static Failure failure(GenerationEngine engine, GenerationRequest request) {
        return catchThrowableOfType(GenerationFailed.class, () -> generate(engine, request))
                .failure();
    }

    @Override
    public void close() {
        opened.forEach(GenerationEngine::close);
        provider.close();
    }

    private static ProviderClients clients() {
        return new ProviderClients(new SimpleMeterRegistry());
    }

    private GenerationEngine closedWithThis(GenerationEngine engine) {
        opened.add(engine);
        return engine;
    }

    /** Later values replace earlier ones. */
    private static String[] with(String[] settings, String... defaults) {
        var all = new ArrayList<>(List.of(defaults));
        all.addAll(List.of("remote.retry.base-interval", "10ms"));
        all.addAll(List.of(settings));
        return all.toArray(String[]::new);
    }
}
