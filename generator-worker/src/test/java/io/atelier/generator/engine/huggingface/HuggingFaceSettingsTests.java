package io.atelier.generator.engine.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HuggingFaceSettingsTests {

    /** Loads generator-worker.yml, as a worker process does. */
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withSystemProperties("spring.config.name=generator-worker")
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
            .withUserConfiguration(HuggingFaceConfiguration.class);

    @Test
    @DisplayName("HF_TOKEN is the only required setting")
    void tokenIsTheOnlyRequiredSetting() {
        contexts.withPropertyValues("HF_TOKEN=t0k").run(context -> {
            assertThat(context.getBean(GenerationEngine.class).status().condition())
                    .isEqualTo(Condition.READY);
            assertThat(context.getBean(GenerationEngine.class).device()).isEqualTo(GenerationEngine.REMOTE);
            var settings = context.getBean(HuggingFaceSettings.class);
            assertThat(settings.url()).isEqualTo("https://router.huggingface.co/hf-inference");
            assertThat(settings.sendSeed()).isTrue();
            assertThat(settings.remote().retry().rateLimits()).isTrue();
        });
        contexts.run(context -> assertThat(
                        context.getBean(GenerationEngine.class).status().condition())
                .isEqualTo(Condition.NOT_CONFIGURED));
    }

    @Test
    void malformedAddressStopsTheStart() {
        contexts.withPropertyValues("HF_BASE_URL=router", "HF_TOKEN=t0k")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("HF_BASE_URL"));
    }
}
