package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.worker.cancellation.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What stays in the memory of the process. ONNX Runtime promises none of this, so that another version may need other means. */
@EnabledOnOs(OS.LINUX)
class ResidentMemoryTests {

    private static final int SIDE = 64;
    private static final int SCALE = 4;
    private static final int CHANNELS = 3;

    private static final int ROWS = 32;

    /** Half of what the intermediate results of these rows take, and more than twice the outputs. */
    private static final int INTERMEDIATE_MIB = 2 * ROWS;

    private static OnnxModel upsampler;

    @BeforeAll
    static void load() {
        upsampler = OnnxModel.load(PocketModel.onClassPath(1).files().weights("upsampler"), 1);
    }

    @AfterAll
    static void free() {
        upsampler.close();
    }

    @DisplayName(
            "Evaluations keep the memory of intermediate results, once, and a run that ends gives it back, also if it was canceled")
    @Test
    void memoryIsKeptForARunOnly() {
        var cancellation = new Cancellation();
        long before;
        try (var binding = binding();
                var run = new OnnxRun(cancellation)) {
            binding.evaluate(run);
            before = residentMebibytes();
            binding.evaluate(run);
            long planned = residentMebibytes();
            assertThat(planned - before).isGreaterThan(INTERMEDIATE_MIB);
        }
        assertThat(residentMebibytes() - before).isLessThan(INTERMEDIATE_MIB);

        try (var binding = binding();
                var run = new OnnxRun(cancellation)) {
            binding.evaluate(run);
            assertThat(residentMebibytes() - before).isGreaterThan(INTERMEDIATE_MIB);
            cancellation.request();
            assertThatExceptionOfType(GenerationCanceled.class).isThrownBy(() -> binding.evaluate(run));
        }
        assertThat(residentMebibytes() - before).isLessThan(INTERMEDIATE_MIB);
    }

    private static GraphBinding binding() {
        var binding = new GraphBinding(upsampler);
        // Direct memory, which is touched once here and stays until it is collected.
        binding.required("latent_sample", ROWS, CHANNELS, SIDE, SIDE).fill(0.5f);
        binding.output("sample", ROWS, CHANNELS, SIDE * SCALE, SIDE * SCALE).fill(0);
        return binding;
    }

    private static long residentMebibytes() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
