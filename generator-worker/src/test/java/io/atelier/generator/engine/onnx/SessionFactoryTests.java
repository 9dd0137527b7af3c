package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionFactoryTests {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, FLOAT", "10, FLOAT16", "16, BFLOAT16", "11, DOUBLE", "7, INT64", "6, INT32"})
    void valuesPassANetworkOfEachNumberType(int declared, OnnxJavaType type) throws IOException {
        var file = Files.write(folder.resolve("model.onnx"), OnnxBytes.identity(declared));
        try (var model = SessionFactory.cpu(1).load(file);
                var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            assertThat(model.inputs()).containsEntry("x", new TensorType(type, List.of(-1L)));
            binding.required("x", 3).put(0, new float[] {1, -2, 96});
            var output = binding.output("y", 3);

            binding.evaluate(run);

            var values = new float[3];
            output.get(values);
            assertThat(values).containsExactly(1, -2, 96);
        }
    }

    /** The result would be larger than the address space of a process, so that the memory of no machine is enough. */
    @Test
    void aNetworkThatRanOutOfMemoryCanBeEvaluatedAgain() throws IOException {
        var file = Files.write(folder.resolve("model.onnx"), OnnxBytes.outerProduct());
        try (var model = SessionFactory.cpu(1).load(file)) {
            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(() -> outerProduct(model, 8 << 20))
                    .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.OUT_OF_MEMORY));

            assertThat(outerProduct(model, 2).values()).containsExactly(9, 9, 9, 9);
        }
    }

    private static TensorValues outerProduct(OnnxModel model, int length) {
        try (var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("x", length, 1).fill(3);
            binding.required("y", 1, length).fill(3);
            return Objects.requireNonNull(binding.compute(run, Set.of("z")).get("z"));
        }
    }

    /** Text encoders and the encoder of the VAE return outputs whose shapes are not known before. */
    @ParameterizedTest
    @CsvSource({"1, 1e-7", "10, 5e-4", "16, 4e-3"})
    void outputsOfUnknownShapeAreConverted(int declared, float tolerance) throws IOException {
        var file = Files.write(folder.resolve("model.onnx"), OnnxBytes.identity(declared));
        try (var model = SessionFactory.cpu(1).load(file);
                var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("x", 2).put(0, new float[] {0.333f, -1.5f});

            var output =
                    Objects.requireNonNull(binding.compute(run, Set.of("y")).get("y"));

            assertThat(output.shape()).containsExactly(2);
            assertThat(output.values()).containsExactly(new float[] {0.333f, -1.5f}, within(tolerance));
        }
    }

    @Test
    void externalDataIsReadFromTheFileBeside() throws IOException {
        var file = Files.write(folder.resolve("model.onnx"), OnnxBytes.addExternal("model.onnx_data"));
        var weights = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(10)
                .putFloat(20);
        Files.write(folder.resolve("model.onnx_data"), weights.array());
        try (var model = SessionFactory.cpu(1).load(file);
                var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("x", 2).put(0, new float[] {1, 2});

            var sum = Objects.requireNonNull(binding.compute(run, Set.of("y")).get("y"));

            assertThat(sum.values()).containsExactly(11, 22);
        }
    }

    @Test
    void missingExternalDataIsAnErrorThatNamesTheModel() throws IOException {
        var component = Files.createDirectory(folder.resolve("unet"));
        var file = Files.write(component.resolve("model.onnx"), OnnxBytes.addExternal("model.onnx_data"));

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> SessionFactory.cpu(1).load(file))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED))
                .withMessageContaining("unet/model.onnx cannot be loaded");
    }

    @DisplayName("A file that cannot be read to its end is not damaged, though ONNX Runtime takes it for damaged")
    @EnabledOnOs(OS.LINUX)
    @Test
    void fileThatCannotBeReadIsTriedAgain() {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> SessionFactory.cpu(1).load(Path.of("/proc/self/mem")))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.ENGINE_UNAVAILABLE))
                .withMessageContaining("self/mem cannot be read now: Input/output error");
    }
}
