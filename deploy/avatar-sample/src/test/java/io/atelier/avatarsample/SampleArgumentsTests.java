package io.atelier.avatarsample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleArgumentsTests {

    @Test
    void delaysAreThoseOfTheProviderAndTheRestIsForTheCommand() {
        var sample = SampleArguments.of(List.of(
                "./atelier",
                "p.json",
                "--images",
                "8",
                "-o",
                "out",
                "--prompt-delay",
                "2",
                "--grid-delay",
                "0.5",
                "--side",
                "512"));

        assertThat(sample.atelier()).isEqualTo("./atelier");
        assertThat(sample.persona()).isEqualTo(Path.of("p.json"));
        assertThat(sample.output()).isEqualTo(Path.of("out"));
        assertThat(sample.more()).containsExactly("--images", "8");
        assertThat(sample.script().side()).isEqualTo(512);
        assertThat(sample.script().delays())
                .containsOnlyKeys(ProviderEndpoint.PREDICTIONS, ProviderEndpoint.EDITS)
                .containsEntry(ProviderEndpoint.PREDICTIONS, Duration.ofSeconds(2))
                .containsEntry(ProviderEndpoint.EDITS, Duration.ofMillis(500));
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> SampleArguments.of(List.of("./atelier"))).hasMessageStartingWith("usage: ");
        assertThatThrownBy(() -> SampleArguments.of(List.of("./atelier", "p.json", "--base-delay", "2s")))
                .hasMessageContaining("--base-delay is '2s', and must be a number of seconds")
                .hasMessageContaining("usage: AvatarSample");
        assertThatThrownBy(() -> SampleArguments.of(List.of("./atelier", "p.json", "--side", "wide")))
                .hasMessageContaining("--side is 'wide', and must be a number of pixels");
        assertThatThrownBy(() -> SampleArguments.of(List.of("./atelier", "p.json", "-o")))
                .hasMessageContaining("-o needs a value");
    }
}
