package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.prompt.PromptConfiguration;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class PersonaConfigurationTests {

    private static final String URL = "http://flowise.example";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(PromptConfiguration.class, PersonaConfiguration.class)
            .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
            .withBean(ObjectStore.class, InMemoryObjectStore::new)
            .withBean(
                    WorkerProperties.class,
                    () -> new WorkerProperties(
                            Duration.ZERO, false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true));

    @ParameterizedTest
    @CsvSource({
        "auto, '', '', template",
        "auto, http://flowise.example, '', template",
        "auto, http://flowise.example, a-flow, flowise",
        "flowise, http://flowise.example, a-flow, flowise",
        "template, http://flowise.example, a-flow, template",
    })
    @DisplayName("The flow writes the prompts if its address and its id are set, unless the setting says otherwise")
    void writerFollowsTheSettings(String prompts, String url, String flow, String expected) {
        runner.withPropertyValues(
                        "io.atelier.personas.prompts=" + prompts,
                        "io.atelier.flowise.url=" + url,
                        "io.atelier.flowise.flow=" + flow)
                .run(context -> assertThat(
                                context.getBean(PersonaPromptWriter.class).name())
                        .isEqualTo(expected));
    }

    @Test
    void flowThatIsRequiredAndNotKnownStopsTheStart() {
        runner.withPropertyValues("io.atelier.personas.prompts=flowise", "io.atelier.flowise.url=" + URL)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("io.atelier.personas.prompts", "FLOWISE_URL", "FLOWISE_FLOW"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void addressWithoutAFlowIsLogged(CapturedOutput output) {
        runner.withPropertyValues("io.atelier.flowise.url=" + URL)
                .run(context -> assertThat(output).contains("FLOWISE_FLOW", "template"));
    }

    @Test
    void suffixIsASetting() {
        runner.withPropertyValues("io.atelier.personas.prompt-append=in pale colours")
                .run(context -> assertThat(context.getBean(PersonaPrompts.class).base(SamplePersonas.ADA, null))
                        .endsWith("in pale colours"));
        runner.withPropertyValues("io.atelier.personas.prompt-append=" + "x".repeat(4001))
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("io.atelier.personas.prompts=both")
                .run(context -> assertThat(context).hasFailed());
    }
}
