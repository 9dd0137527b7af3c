package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GraphBindingTests {

    private final FakeModel model = new FakeModel();

    @Test
    void anInputThatTheNetworkLacksIsNotFed() {
        model.inputs.put("sample", type(OnnxJavaType.FLOAT, -1, 4));
        model.outputs.put("out_sample", type(OnnxJavaType.FLOAT, -1, 4));

        try (var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("sample", 2, 4);
            binding.output("out_sample", 2, 4);
            binding.feed("text_embeds", new float[] {1}, 1);
            assertThat(binding.inputPerRow("guidance", 2)).isEmpty();
            binding.evaluate(run);
        }

        assertThat(model.fed).containsOnlyKeys("sample");
    }

    @Test
    void aTimestepHasTheRankAndTypeOfTheNetwork() {
        assertThat(shapeOfTimestep(type(OnnxJavaType.FLOAT16))).isEmpty();
        assertThat(shapeOfTimestep(type(OnnxJavaType.INT64, 1))).containsExactly(1);
        assertThat(shapeOfTimestep(type(OnnxJavaType.FLOAT, -1))).containsExactly(2);
        assertThat(timestep().getInfo().type).isEqualTo(OnnxJavaType.FLOAT);
    }

    @Test
    void anInputThatNobodyKnowsIsNamedBeforeTheEvaluation() {
        model.inputs.put("sample", type(OnnxJavaType.FLOAT, -1));
        model.inputs.put("image_embeds", type(OnnxJavaType.FLOAT, -1));

        assertThatUnsuitable(binding -> binding.required("sample", 1))
                .contains("needs the inputs [image_embeds], which are not known");
        assertThat(model.fed).isEmpty();
    }

    @Test
    void aMissingInputOrOutputIsNamed() {
        model.inputs.put("latent", type(OnnxJavaType.FLOAT, -1));
        model.outputs.put("noise", type(OnnxJavaType.FLOAT, -1));

        assertThatUnsuitable(binding -> binding.required("sample", 1)).contains("no input \"sample\"; it has [latent]");
        assertThatUnsuitable(binding -> binding.output("out_sample", 1))
                .contains("no output \"out_sample\"; it has [noise]");
    }

    @DisplayName("Tokens of another number of features are those of another model; other axes depend on the request")
    @Test
    void featuresOfAnotherModelAreRefusedBeforeTheEvaluation() {
        model.inputs.put("states", type(OnnxJavaType.FLOAT, 1, 77, 768));

        assertThatUnsuitable(binding -> binding.required("states", 2, 77, 1024))
                .contains("takes \"states\" of 768 numbers each, and the model gives it 1024");
        assertThat(model.fed).isEmpty();
        try (var binding = new GraphBinding(model)) {
            binding.required("states", 2, 78, 768);
        }
    }

    @Test
    void anUnsupportedNumberTypeIsNamed() {
        model.inputs.put("sample", type(OnnxJavaType.UINT8, -1));

        assertThatUnsuitable(binding -> binding.required("sample", 1)).contains("number type UINT8");
    }

    @DisplayName(
            "Only the first evaluation of a network with inputs of a shape frees its memory, because the next one would hold it twice")
    @Test
    void memoryIsFreedUntilItIsPlanned() {
        model.inputs.put("sample", type(OnnxJavaType.FLOAT, -1));
        model.outputs.put("out_sample", type(OnnxJavaType.FLOAT, -1));

        evaluate(4, 3);
        assertThat(model.freeingEvaluations).isEqualTo(1);
        evaluate(4, 3);
        assertThat(model.freeingEvaluations).isEqualTo(1);
        evaluate(8, 3);
        assertThat(model.freeingEvaluations).isEqualTo(2);
    }

    @Test
    void memoryIsNotPlannedByAnEvaluationThatFailed() {
        model.inputs.put("sample", type(OnnxJavaType.FLOAT, -1));
        model.outputs.put("out_sample", type(OnnxJavaType.FLOAT, -1));
        model.fails = true;
        assertThatExceptionOfType(GenerationFailed.class).isThrownBy(() -> evaluate(4, 1));
        model.fails = false;

        evaluate(4, 1);

        assertThat(model.freeingEvaluations).isEqualTo(2);
    }

    @Test
    void memoryThatAnEvaluationKeptIsFreedHoweverTheRunEnds() {
        model.inputs.put("sample", type(OnnxJavaType.FLOAT, -1));
        model.outputs.put("out_sample", type(OnnxJavaType.FLOAT, -1));
        evaluate(4, 1);
        assertThat(model.freed).isZero();

        evaluate(4, 1);
        assertThat(model.freed).isEqualTo(1);

        model.fails = true;
        assertThatExceptionOfType(GenerationFailed.class).isThrownBy(() -> evaluate(4, 1));
        assertThat(model.freed).isEqualTo(2);
    }

    private void evaluate(int length, int times) {
        try (var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.required("sample", length);
            binding.output("out_sample", length);
            for (int i = 0; i < times; i++) {
                binding.evaluate(run);
            }
        }
    }

    private long[] shapeOfTimestep(TensorType type) {
        model.inputs.clear();
        model.inputs.put("timestep", type);
        try (var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            binding.inputPerRow("timestep", 2).orElseThrow().fill(999);
            binding.evaluate(run);
        }
        return timestep().getInfo().getShape();
    }

    private OnnxTensor timestep() {
        return Objects.requireNonNull(model.fed.get("timestep"));
    }

    private AbstractStringAssert<?> assertThatUnsuitable(Consumer<GraphBinding> prepare) {
        try (var binding = new GraphBinding(model);
                var run = new OnnxRun(new Cancellation())) {
            var failed = catchThrowableOfType(GenerationFailed.class, () -> {
                prepare.accept(binding);
                binding.evaluate(run);
            });
            assertThat(failed).isNotNull();
            assertThat(failed.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED);
            return assertThat(failed.failure().message());
        }
    }

    private static TensorType type(OnnxJavaType element, long... shape) {
        return new TensorType(element, Arrays.stream(shape).boxed().toList());
    }

    private static final class FakeModel implements OnnxModel {

        private final Map<String, TensorType> inputs = new HashMap<>();
        private final Map<String, TensorType> outputs = new HashMap<>();
        private final MemoryPlans memoryPlans = new MemoryPlans();
        private Map<String, OnnxTensor> fed = Map.of();
        private int freeingEvaluations;
        private int freed;
        private boolean fails;

        @Override
        public Map<String, TensorType> inputs() {
            return inputs;
        }

        @Override
        public Map<String, TensorType> outputs() {
            return outputs;
        }

        @Override
        public void evaluate(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out, RunOptions options)
                throws OrtException {
            if (fails) {
                throw new OrtException("of this test");
            }
            fed = Map.copyOf(in);
        }

        @Override
        public Map<String, TensorValues> compute(Map<String, OnnxTensor> in, Set<String> names, RunOptions options) {
            return Map.of();
        }

        /** Asked for by evaluations that free them. */
        @Override
        public String arenas() {
            freeingEvaluations++;
            return OnnxModel.super.arenas();
        }

        @Override
        public MemoryPlans memoryPlans() {
            return memoryPlans;
        }

        @Override
        public void free(Map<String, OnnxTensor> in, Set<String> out) {
            assertThat(in).isNotEmpty();
            assertThat(out).isNotEmpty();
            freed++;
        }

        @Override
        public void close() {}
    }
}
