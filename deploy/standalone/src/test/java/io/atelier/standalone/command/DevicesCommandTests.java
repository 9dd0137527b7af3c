package io.atelier.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesCommandTests {

    @DisplayName("The processor has computed for a second; what is missing says what to install")
    @Test
    void devicesAreListed(@TempDir Path folder) {
        var run = CommandRun.of(folder, Map.of(), "devices");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .anySatisfy(line -> assertThat(line).matches("cpu +works +cpu +\\d+ GFLOP/s +\\d+ threads"))
                .anySatisfy(line -> assertThat(line).startsWith("cuda").contains("missing", "onnxruntime_gpu 1.28.0"));
    }

    @Test
    void libraryThatCannotBeUsedIsReported(@TempDir Path folder) {
        var plugin = folder.resolve("plugin.so").toString();
        var run = CommandRun.of(folder, Map.of("ATELIER_OPENVINO_LIBRARY", plugin), "devices");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.out())
                .contains("cpu", "The library of OpenVINO's plugin cannot be used: there is no such file.");
    }
}
