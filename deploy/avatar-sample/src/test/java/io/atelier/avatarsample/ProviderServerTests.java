package io.atelier.avatarsample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProviderServerTests {

    @Test
    void optionsAreTheScript() {
        var script = ProviderServer.script(List.of("--base-delay", "0.1", "--side", "256"));

        assertThat(script.side()).isEqualTo(256);
        assertThat(script.delays()).isEqualTo(Map.of(ProviderEndpoint.GENERATIONS, Duration.ofMillis(100)));
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> ProviderServer.script(List.of("--port", "1"))).hasMessage("--port is no option.");
        assertThatThrownBy(() -> ProviderServer.script(List.of("--side"))).hasMessage("--side needs a value.");
    }

    @Test
    @DisplayName("The process prints its address first, and ends when nothing can write to its input any more")
    void processEndsWithItsInput() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(java, "-cp", classPath, ProviderServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).matches("http://127\\.0\\.0\\.1:\\d+");
            assertThat(process.isAlive()).isTrue();

            process.getOutputStream().close();

            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
