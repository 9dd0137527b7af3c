package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription.Component;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.InferenceDevice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTraitsTests {

    @DisplayName("Processors keep weights of 16 bits a second time with 32; cards calculate with them")
    @ParameterizedTest
    @CsvSource({
        "float32,  CPU,      1.1",
        "float32,  CUDA,     1.1",
        "float16,  CPU,      2.1",
        "bfloat16, OPENVINO, 2.1",
        "float16,  COREML,   2.1",
        "float16,  CUDA,     1.1",
        "bfloat16, CUDA,     1.1",
        "float16,  TENSORRT, 1.1",
        "float16,  DIRECTML, 1.1"
    })
    void memoryOfHalfPrecisionDependsOnTheDevice(String dtype, DeviceKind kind, double factor) {
        var model = withNumbers(dtype);
        var traits = new ModelTraits(model, ModelCard.BUILT_IN);

        var device = new InferenceDevice(kind, 0);

        assertThat((double) traits.memoryBytes(device) / model.bytes()).isCloseTo(factor, within(0.001));
        assertThat(traits.need(device, 4096, 1).model()).isEqualTo(traits.memoryBytes(device));
    }

    private static PipelineDescription withNumbers(String dtype) {
        var model = PipelineDescription.of(DiffusersFolder.open(TinyModels.folder("sd15")));
        var components = model.components().stream()
                .map(part -> new Component(
                        part.name(), part.className(), part.files(), part.bytes(), dtype, part.parameters()))
                .toList();
        return new PipelineDescription(
                model.name(),
                model.family(),
                model.className(),
                components,
                model.geometry(),
                model.defaults(),
                model.activations(),
                model.imageToImage());
    }
}
