package io.atelier.generator.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OpenAiConfigurationTests {

    private static final String SERVERS = "io.atelier.engines.openai.servers.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withPropertyValues("spring.config.name=generator-worker")
            .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
            .withUserConfiguration(OpenAiConfiguration.class);

    @Test
    @DisplayName("OPENAI_API_KEY alone makes the engine openai ready")
    void openAiApiKeyIsEnough() {
        runner.withPropertyValues("OPENAI_API_KEY=sk-test-0123456789").run(context -> {
            var engines = context.getBean(EngineFamily.class).engines();

            assertThat(engines).extracting(GenerationEngine::name).containsExactly("openai");
            assertThat(engines.get(0).status()).isEqualTo(EngineStatus.READY);
        });
    }

    @Test
    @DisplayName("Without a key the worker starts, and the engine names the missing setting")
    void missingKeyDoesNotStopTheStart() {
        runner.withPropertyValues("OPENAI_API_KEY=")
                .run(context -> assertThat(context.getBean(EngineFamily.class).engines())
                        .singleElement()
                        .satisfies(engine ->
                                assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED)));
    }

    @Test
    void eachServerIsAnEngineOfItsName() {
        runner.withPropertyValues(
                        SERVERS + "gpu-1.dialect=vllm-omni",
                        SERVERS + "gpu-1.url=http://127.0.0.1:8000/v1",
                        SERVERS + "gpu-1.remote.connections.max=2")
                .run(context -> assertThat(context.getBean(EngineFamily.class).engines())
                        .extracting(GenerationEngine::name)
                        .containsExactlyInAnyOrder("openai", "gpu-1"));
    }

    @ParameterizedTest
    @CsvSource({
        "gpu.url=not an address, io.atelier.engines.openai.servers.gpu.url",
        "gpu.dialect=latin, io.atelier.engines.openai.servers.gpu.dialect",
        "gpu.partial-images=7, partialImages",
        "gpu.quality=best, quality",
        "gpu.remote.connections.max=0, connections.max",
        "Big Box.url=http://127.0.0.1, hyphens"
    })
    void invalidSettingStopsTheStartAndIsNamed(String setting, String expected) {
        runner.withPropertyValues(SERVERS + setting)
                .run(context -> assertThat(context).getFailure().satisfies(failure -> {
                    var messages = new StringBuilder();
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        messages.append(cause.getMessage()).append('\n');
                    }
                    assertThat(messages).contains(expected);
                }));
    }
}
