package io.atelier.generator.engine.openai;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Engines and requests for tests of the OpenAI engine. */
final class OpenAiFixtures {

    static final String MODEL = "gpt-image-1.5";

    private OpenAiFixtures() {}

    /** An engine named {@code openai} for the stub, with retry pauses of milliseconds. */
    static OpenAiEngine engine(ProviderStub provider, String... namesAndValues) {
        return engineAt(provider.url("/v1"), namesAndValues);
    }

    static OpenAiEngine engineAt(String url, String... namesAndValues) {
        var all =
                new ArrayList<>(List.of("url", url, "key", "sk-test-0123456789", "remote.retry.base-interval", "10ms"));
        all.addAll(List.of(namesAndValues));
        return OpenAiEngine.of(
                "openai", server(all.toArray(String[]::new)), new ProviderClients(new SimpleMeterRegistry()));
    }

    static OpenAiProperties.Server server(String... namesAndValues) {
        return SampleSettings.bound(OpenAiProperties.Server.class, namesAndValues);
    }

    static GenerationRequest request(String prompt) {
        return request(prompt, null, 1, new ImageSize(1024, 1024), MODEL).withSizeLeftOpen();
    }

    static GenerationRequest request(String prompt, int n, ImageSize size, String model) {
        return request(prompt, null, n, size, model);
    }

    static GenerationRequest request(
            String prompt, @Nullable String negativePrompt, int n, ImageSize size, String model) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .negativePrompt(negativePrompt)
                .model("a-model")
                .requestedModel("a-model")
                .engine("openai")
                .pool("default")
                .n(n)
                .size(size)
                .steps(7)
                .guidanceScale(2.5)
                .seed(42)
                .metadata(GenerationRequest.Metadata.FULL)
                .routing(new Routing(model, List.of()))
                .build();
    }

    static GenerationRun run() {
        return new GenerationRun("a job", 1, (phase, step, steps) -> {}, new Cancellation());
    }
}
