package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class PocketPropertiesTests {

    private final ApplicationContextRunner contexts =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Test
    void theDefaultNumberOfThreadsIsThatOfProcessorsUpToFour() {
        contexts.run(
                context -> assertThat(context.getBean(PocketProperties.class).effectiveThreads())
                        .isEqualTo(Math.min(4, Runtime.getRuntime().availableProcessors())));
    }

    @Test
    void theNumberOfThreadsCanBeSet() {
        contexts.withPropertyValues("io.atelier.generator.pocket.threads=7")
                .run(context -> assertThat(
                                context.getBean(PocketProperties.class).effectiveThreads())
                        .isEqualTo(7));
    }

    @Test
    void aNegativeNumberOfThreadsFailsTheStart() {
        contexts.withPropertyValues("io.atelier.generator.pocket.threads=-1")
                .run(context -> assertThat(context).hasFailed());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(PocketProperties.class)
    static class Settings {}
}
