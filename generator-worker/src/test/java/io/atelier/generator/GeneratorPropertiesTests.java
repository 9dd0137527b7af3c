package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class GeneratorPropertiesTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Test
    void aWorkerHasTwoSlotsInTheDefaultPoolAndNoTestCard() {
        runner.run(context -> {
            var properties = context.getBean(GeneratorProperties.class);
            assertThat(properties.slots()).isEqualTo(2);
            assertThat(properties.pool()).isEqualTo("default");
            assertThat(properties.testCard()).isFalse();
        });
    }

    @Test
    void theDefaultWorkerIdConsistsOfHostAndProcessId() {
        runner.run(context -> assertThat(
                        context.getBean(GeneratorProperties.class).workerId())
                .matches("generator-[A-Za-z0-9.-]+-" + ProcessHandle.current().pid()));
    }

    @Test
    void theWorkerIdCanBeSet() {
        runner.withPropertyValues("io.atelier.generator.worker-id=attic-1")
                .run(context -> assertThat(
                                context.getBean(GeneratorProperties.class).workerId())
                        .isEqualTo("attic-1"));
    }

    @Test
    void tasksForOtherServersHaveTheirOwnPoolAndSlots() {
        runner.run(context -> {
            var properties = context.getBean(GeneratorProperties.class);
            assertThat(properties.remotePool()).isEqualTo("remote");
            assertThat(properties.remoteSlots()).isEqualTo(10);
        });
        runner.withPropertyValues("io.atelier.generator.pool=remote")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("both 'remote'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slots=0",
                "slots=65",
                "slots=many",
                "pool=Big Ones",
                "remote-slots=-1",
                "worker-id=a worker",
                "test-card=maybe"
            })
    void anInvalidSettingFailsTheStartAndIsNamed(String setting) {
        runner.withPropertyValues("io.atelier.generator." + setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(setting.substring(setting.indexOf('=') + 1)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(GeneratorProperties.class)
    static class Settings {}
}
