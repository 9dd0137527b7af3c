package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OnnxRunTests {

    private static final OnnxModel UPSAMPLER =
            OnnxModel.load(PocketModel.onClassPath(1).files().weights("upsampler"), 1);

    @AfterAll
    static void free() {
        UPSAMPLER.close();
    }

    @Test
    void anEvaluationWritesItsOutput() {
        try (var run = new OnnxRun(new Cancellation());
                var tensors = new Tensors()) {
            var large = tensors.numeric(OnnxJavaType.FLOAT, 1, 3, 256, 256);

            run.evaluate(UPSAMPLER, small(tensors, 1), Map.of("sample", large.tensor()));

            assertThat(value(large, 100)).isNotZero();
        }
    }

    @DisplayName("An evaluation does not fail because ONNX Runtime holds no memory of the card that it is to free")
    @Test
    void memoryThatIsNotHeldIsNotFreed() throws Exception {
        try (var run = new OnnxRun(new Cancellation());
                var tensors = new Tensors()) {
            var large = tensors.numeric(OnnxJavaType.FLOAT, 1, 3, 256, 256);
            var refused = new ArrayList<String>();

            run.evaluateAndFree(new OnCard(UPSAMPLER, refused), small(tensors, 1), Map.of("sample", large.tensor()));

            assertThat(value(large, 100)).isNotZero();
            assertThat(refused).singleElement().asString().contains("gpu:0");
        }
    }

    /** A network on the processor that is taken for one on a card; notes how ONNX Runtime refuses. */
    private record OnCard(OnnxModel network, List<String> refused) implements OnnxModel {

        @Override
        public Map<String, TensorType> inputs() {
            return network.inputs();
        }

        @Override
        public Map<String, TensorType> outputs() {
            return network.outputs();
        }

        @Override
        public void evaluate(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out, RunOptions options)
                throws OrtException {
            try {
                network.evaluate(in, out, options);
            } catch (OrtException e) {
                refused.add(e.getMessage());
                throw e;
            }
        }

        @Override
        public Map<String, TensorValues> compute(Map<String, OnnxTensor> in, Set<String> out, RunOptions options)
                throws OrtException {
            return network.compute(in, out, options);
        }

        @Override
        public String arenas() {
            return "gpu:0";
        }

        @Override
        public void close() {
            network.close();
        }
    }

    @Test
    void aCanceledRunEvaluatesNothing() {
        var cancellation = new Cancellation();
        cancellation.request();

        try (var run = new OnnxRun(cancellation);
                var tensors = new Tensors()) {
            var large = tensors.numeric(OnnxJavaType.FLOAT, 1, 3, 256, 256);

            assertThatExceptionOfType(GenerationCanceled.class)
                    .isThrownBy(() -> run.evaluate(UPSAMPLER, small(tensors, 1), Map.of("sample", large.tensor())));
            assertThat(value(large, 100)).isZero();
        }
    }

    /** The batch takes seconds; without cancellation it would end without an exception. */
    @Test
    void aCancellationEndsARunningEvaluation() {
        int batch = 100;
        var cancellation = new Cancellation();
        try (var run = new OnnxRun(cancellation);
                var tensors = new Tensors()) {
            var large = tensors.numeric(OnnxJavaType.FLOAT, batch, 3, 256, 256);
            var inputs = small(tensors, batch);

            var canceling = CompletableFuture.runAsync(
                    cancellation::request, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));

            assertThatExceptionOfType(GenerationCanceled.class)
                    .isThrownBy(() -> run.evaluate(UPSAMPLER, inputs, Map.of("sample", large.tensor())));
            assertThat(canceling).succeedsWithin(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCancellationAfterTheRunHasNoEffect() {
        var cancellation = new Cancellation();
        new OnnxRun(cancellation).close();

        assertThatCode(cancellation::request).doesNotThrowAnyException();
    }

    @Test
    void aWrongInputShapeIsAnEngineError() {
        try (var run = new OnnxRun(new Cancellation());
                var tensors = new Tensors()) {
            var large = tensors.numeric(OnnxJavaType.FLOAT, 1, 3, 256, 256);

            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(() -> run.evaluate(
                            UPSAMPLER,
                            Map.of(
                                    "latent_sample",
                                    tensors.numeric(OnnxJavaType.FLOAT, 1, 2, 64, 64)
                                            .tensor()),
                            Map.of("sample", large.tensor())))
                    .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Code.ENGINE_ERROR));
        }
    }

    @Test
    void outOfMemoryIsRecognisedByItsMessage() {
        assertThat(code("Non-zero status code returned while running Conv node: std::bad_alloc"))
                .isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(code("Failed to allocate memory for requested buffer of size 1073741824"))
                .isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(code("Got invalid dimensions for input")).isEqualTo(Code.ENGINE_ERROR);
    }

    @Test
    void invalidWeightsAreRejected() {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> OnnxModel.load(new byte[] {1, 2, 3}, 1))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Code.NOT_CONFIGURED));
    }

    @DisplayName("A device that fails while a model is loaded may be there again later")
    @Test
    void failuresOfADeviceAreNoDamageOfTheModel() {
        assertThat(loadingCode(OrtErrorCode.ORT_FAIL, "CUDA failure 100: no CUDA-capable device is detected"))
                .isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(loadingCode(OrtErrorCode.ORT_EP_FAIL, "TensorRT EP failed to create engine"))
                .isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(loadingCode(OrtErrorCode.ORT_FAIL, "CUDA out of memory")).isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(loadingCode(
                        OrtErrorCode.ORT_FAIL, "open file unet/model.onnx fail, errcode = 24 - Too many open files"))
                .isEqualTo(Code.ENGINE_UNAVAILABLE);
        // What it says of a file that cannot be opened, because this process has too many.
        assertThat(loadingCode(
                        OrtErrorCode.ORT_FAIL, "Load model from /m/unet/model.onnx failed:system error number 24"))
                .isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(loadingCode(OrtErrorCode.ORT_FAIL, "mmap failed: Cannot allocate memory"))
                .isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(loadingCode(OrtErrorCode.ORT_INVALID_PROTOBUF, "Protobuf parsing failed."))
                .isEqualTo(Code.NOT_CONFIGURED);
    }

    private static Code loadingCode(OrtErrorCode code, String message) {
        return OnnxFailures.duringLoading(Path.of("unet/model.onnx"), new OrtException(code, message))
                .failure()
                .code();
    }

    private static Code code(String message) {
        return OnnxFailures.duringEvaluation(new OrtException(OrtErrorCode.ORT_RUNTIME_EXCEPTION, message))
                .failure()
                .code();
    }

    private static float value(NumericTensor tensor, int index) {
        var values = new float[tensor.size()];
        tensor.get(values);
        return values[index];
    }

    private static Map<String, OnnxTensor> small(Tensors tensors, int batch) {
        return Map.of(
                "latent_sample",
                tensors.numeric(OnnxJavaType.FLOAT, batch, 3, 64, 64).tensor());
    }
}
