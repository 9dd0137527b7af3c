package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumericTensorTests {

    /** Half precision keeps 11 bits of a number, bfloat16 keeps 8. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 0", "DOUBLE, 0", "FLOAT16, 5e-4", "BFLOAT16, 4e-3"})
    void floatingPointKeepsWhatItsTypeAllows(OnnxJavaType type, float relative) {
        float[] values = {0, 1, -2.5f, 0.333f, 1000.4f, -65_000};
        try (var tensors = new Tensors()) {
            var tensor = tensors.numeric(type, 2, 3);

            tensor.put(0, values);

            var read = new float[values.length];
            tensor.get(read);
            for (int i = 0; i < values.length; i++) {
                assertThat(read[i]).isCloseTo(values[i], within(relative * Math.abs(values[i]) + 1e-30f));
            }
            assertThat(tensor.tensor().getInfo().type).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT64", "INT32"})
    void integersAreRounded(OnnxJavaType type) {
        try (var tensors = new Tensors()) {
            var tensor = tensors.numeric(type, 4);

            tensor.put(0, new float[] {999, 998.6f, 0.4f, -1});

            var read = new float[4];
            tensor.get(read);
            assertThat(read).containsExactly(999, 999, 0, -1);
        }
    }

    @Test
    void aPartOfAnArrayIsWritten() {
        try (var tensors = new Tensors()) {
            var tensor = tensors.numeric(OnnxJavaType.FLOAT16, 4);

            tensor.put(1, new float[] {7, 8, 9}, 1, 2);

            var read = new float[4];
            tensor.get(read);
            assertThat(read).containsExactly(0, 8, 9, 0);
        }
    }

    @Test
    void aScalarHasOneValue() {
        try (var tensors = new Tensors()) {
            var tensor = tensors.numeric(OnnxJavaType.FLOAT);

            tensor.fill(3);

            var read = new float[1];
            tensor.get(read);
            assertThat(read).containsExactly(3);
            assertThat(tensor.tensor().getInfo().isScalar()).isTrue();
        }
    }
}
