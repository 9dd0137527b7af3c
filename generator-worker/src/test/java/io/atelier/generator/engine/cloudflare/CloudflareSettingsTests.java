package io.atelier.generator.engine.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderSettings;
import io.atelier.generator.provider.SampleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class CloudflareSettingsTests {

    /** Loads generator-worker.yml, as a worker process does. */
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withSystemProperties("spring.config.name=generator-worker")
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
            .withUserConfiguration(CloudflareConfiguration.class);

    @Test
    @DisplayName("The default limits equal those of the replaced client")
    void defaultLimitsEqualThoseOfTheReplacedClient() {
        var remote = SampleSettings.bound(CloudflareSettings.class).flux().remote();

        assertThat(remote.timeouts())
                .extracting(
                        ProviderSettings.Timeouts::connectTimeout,
                        ProviderSettings.Timeouts::readTimeout,
                        ProviderSettings.Timeouts::writeTimeout,
                        ProviderSettings.Timeouts::acquireTimeout)
                .containsExactly(seconds(30), seconds(120), seconds(120), seconds(30));
        assertThat(remote.connections())
                .extracting(ProviderSettings.Connections::max, ProviderSettings.Connections::idle)
                .containsExactly(10, 5);
        assertThat(remote.retry())
                .extracting(
                        ProviderSettings.Retry::maxRetries,
                        ProviderSettings.Retry::baseInterval,
                        ProviderSettings.Retry::maxInterval,
                        ProviderSettings.Retry::jitter,
                        ProviderSettings.Retry::rateLimits)
                .containsExactly(3, seconds(1), seconds(10), 0.0, false);
        assertThat(remote.timeouts().totalTimeout()).isEqualTo(seconds(620));
        assertThat(remote.limits().maxResponse().toMegabytes()).isEqualTo(50);
    }

    @Test
    @DisplayName("Without settings the engines exist and name what they lack")
    void withoutSettingsTheEnginesNameWhatTheyLack() {
        contexts.run(context -> {
            assertThat(conditions(context).values()).containsOnly(Condition.NOT_CONFIGURED);
            assertThat(context.getBeansOfType(GenerationEngine.class).values())
                    .extracting(GenerationEngine::device)
                    .containsOnly(GenerationEngine.REMOTE);
            assertThat(engine(context, "cloudflareFlux").status().detail())
                    .contains("Image generation not configured")
                    .contains("FLUX_WORKER_URL");
            assertThat(engine(context, "cloudflareSdxl").status().detail()).contains("SDXL_WORKER_URL");
            assertThat(engine(context, "cloudflareWorkersAi").status().detail()).contains("CLOUDFLARE_ACCOUNT_ID");
        });
    }

    @Test
    @DisplayName("Flux is ready with an address; SDXL also needs a key of at least ten characters")
    void addressAndKeyMakeAnEngineReady() {
        contexts.withPropertyValues("FLUX_WORKER_URL=https://flux.example/", "SDXL_WORKER_URL=http://sdxl.example")
                .run(context -> assertThat(conditions(context))
                        .containsEntry("cloudflare-flux", Condition.READY)
                        .containsEntry("cloudflare-sdxl", Condition.NOT_CONFIGURED));
        contexts.withPropertyValues("SDXL_WORKER_URL=http://sdxl.example", "SDXL_API_KEY=a1b2c3d4e5")
                .run(context -> assertThat(conditions(context))
                        .containsEntry("cloudflare-flux", Condition.NOT_CONFIGURED)
                        .containsEntry("cloudflare-sdxl", Condition.READY));
        contexts.withPropertyValues("CLOUDFLARE_ACCOUNT_ID=0123abc", "CLOUDFLARE_API_TOKEN=a1b2c3d4e5")
                .run(context ->
                        assertThat(conditions(context)).containsEntry("cloudflare-workers-ai", Condition.READY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "YOUR_API_KEY",
                "your-sdxl-api-key",
                "your_token_here",
                "changeme-now",
                "PLACEHOLDER_KEY",
                "xxxxxxxxxxxx",
                "nine_char",
                "with space12",
                "with.dots.12",
                "<the-api-key>"
            })
    @DisplayName("A value that cannot be a key counts as a missing key")
    void valueThatCannotBeAKeyIsAMissingKey(String key) {
        contexts.withPropertyValues("SDXL_WORKER_URL=http://sdxl.example", "SDXL_API_KEY=" + key)
                .run(context -> assertThat(
                                engine(context, "cloudflareSdxl").status().detail())
                        .contains("SDXL API key not configured")
                        .contains("SDXL_API_KEY"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUX_WORKER_URL", "SDXL_WORKER_URL", "CLOUDFLARE_API_URL"})
    @DisplayName("A malformed address stops the start; the message names the setting without its value")
    void malformedAddressStopsTheStart(String setting) {
        contexts.withPropertyValues(setting + "=ftp://user:secret@host")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(setting)
                        .hasMessageContaining("http://")
                        .hasMessageNotContaining("secret"));
    }

    @Test
    void settingsDoNotPrintSecrets() {
        var settings = SampleSettings.bound(
                CloudflareSettings.class,
                "flux.url",
                "https://user:hidden-1@host",
                "sdxl.url",
                "https://user:hidden-2@host",
                "sdxl.key",
                "hidden-3-key",
                "workers-ai.account",
                "hidden-4",
                "workers-ai.token",
                "hidden-5-token");

        assertThat(settings.toString()).doesNotContain("hidden").contains("***");
    }

    private static Map<String, Condition> conditions(ApplicationContext context) {
        return context.getBeansOfType(GenerationEngine.class).values().stream()
                .collect(Collectors.toMap(
                        GenerationEngine::name, engine -> engine.status().condition()));
    }

    private static GenerationEngine engine(ApplicationContext context, String bean) {
        return context.getBean(bean, GenerationEngine.class);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
