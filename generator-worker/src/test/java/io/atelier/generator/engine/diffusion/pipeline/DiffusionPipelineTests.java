package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorType;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusionPipelineTests {

    @TempDir
    Path temporary;

    @Test
    void aListenerFollowsEachPhase() {
        var events = new ArrayList<String>();
        try (var pipeline = load("sd15")) {
            pipeline.generate(twoImages().build(), new Cancellation(), new DiffusionListener() {
                @Override
                public void encoded() {
                    events.add("encoded");
                }

                @Override
                public void denoised(int step, int steps, float[] latents, LatentShape shape) {
                    events.add("step %d of %d: %d latents of %s"
                            .formatted(step, steps, latents.length, new LatentShape(4, 8, 8).equals(shape)));
                }

                @Override
                public void decoded(int image, int images) {
                    events.add("image %d of %d".formatted(image, images));
                }
            });
        }

        // PNDM, the scheduler of this model, evaluates it once more than asked for.
        assertThat(events)
                .containsExactly(
                        "encoded",
                        "step 1 of 3: 512 latents of true",
                        "step 2 of 3: 512 latents of true",
                        "step 3 of 3: 512 latents of true",
                        "image 1 of 2",
                        "image 2 of 2");
    }

    @Test
    void anImageIsTheSameAloneAndInABatch() {
        try (var pipeline = load("sd15")) {
            var batch = pipeline.generate(twoImages().build(), new Cancellation(), DiffusionListener.NONE);
            var alone = pipeline.generate(
                    DiffusionRequest.of("a fox", 12).size(64, 64).steps(2).build(),
                    new Cancellation(),
                    DiffusionListener.NONE);

            var comparison = new Comparison();
            comparison.picture("alone", alone.images().get(0), batch.images().get(1));
            comparison.picture(
                    "other seed", alone.images().get(0), batch.images().get(0));
            assertThat(comparison.failedKinds()).containsExactly("other seed");
        }
    }

    @Test
    void whatIsLeftOpenHasTheDefaultsOfTheModel() {
        try (var pipeline = load("lcm")) {
            var steps = new ArrayList<Integer>();
            var result = pipeline.generate(
                    DiffusionRequest.of("a fox", 1).build(), new Cancellation(), new DiffusionListener() {
                        @Override
                        public void denoised(int step, int of, float[] latents, LatentShape shape) {
                            steps.add(step);
                        }
                    });

            assertThat(steps).containsExactly(1, 2, 3, 4);
            assertThat(result.images().get(0).getWidth()).isEqualTo(64);
        }
    }

    @Test
    void theEndOfAPromptThatIsNotReadIsQuoted() {
        try (var pipeline = load("sdxl")) {
            String prompt = "a tiny red fox under the stars ".repeat(20) + "with a golden umbrella";
            var result = pipeline.generate(
                    DiffusionRequest.of(prompt, 1).size(64, 64).steps(1).build(),
                    new Cancellation(),
                    DiffusionListener.NONE);

            // Both encoders cut the same, which is reported once.
            assertThat(result.warnings()).singleElement().asString().contains("reads 77 tokens", "ignored \"");
        }
    }

    @Test
    void runsAtOnceDoNotDisturbEachOther() {
        try (var pipeline = load("sdxl")) {
            var alone = image(pipeline, 3);
            var together = IntStream.range(0, 4)
                    .parallel()
                    .mapToObj(i -> image(pipeline, i))
                    .toList();

            var comparison = new Comparison();
            comparison.picture("same seed", together.get(3), alone);
            assertThat(comparison.failures()).isEmpty();
        }
    }

    @Test
    void aSchedulerThatIsNotBuiltIsReplacedWithAWarning() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        var config = folder.resolve("scheduler/scheduler_config.json");
        Files.writeString(config, Files.readString(config).replace("PNDMScheduler", "UniPCMultistepScheduler"));
        try (var pipeline = DiffusionPipeline.load(folder, SessionFactory.cpu(1))) {
            var result = pipeline.generate(twoImages().build(), new Cancellation(), DiffusionListener.NONE);

            assertThat(result.warnings())
                    .containsExactly("The scheduler of this model, UniPCMultistepScheduler, is not supported;"
                            + " DPMSolverMultistepScheduler was used.");
        }
    }

    @Test
    void aNegativePromptWithoutEffectIsReported() {
        try (var pipeline = load("lcm")) {
            var request =
                    DiffusionRequest.of("a fox", 1).negativePrompt("blurry").steps(1);

            var result = pipeline.generate(request.build(), new Cancellation(), DiffusionListener.NONE);

            assertThat(result.warnings()).singleElement().asString().contains("The negative prompt was ignored", "8.5");
        }
    }

    /** As the VAE of SDXL does with half precision. */
    @Test
    void anImageOfNanIsAnError() {
        var sessions = new ObservedSessions(ChangedNetwork.change("vae_decoder", "sample", values -> {
            values.values()[100] = Float.NaN;
            return values;
        }));
        try (var pipeline = DiffusionPipeline.load(TinyPipelines.folder("sd15"), sessions)) {
            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(
                            () -> pipeline.generate(twoImages().build(), new Cancellation(), DiffusionListener.NONE))
                    .withMessageContaining("The model computed NaN");
        }
    }

    /** The request comes when the step has begun: the network itself must be stopped. */
    @Test
    void aCancellationEndsAStepThatIsRunning() {
        var cancellation = new Cancellation();
        var sessions = new ObservedSessions((component, network) ->
                component.equals("unet") ? new CancelingNetwork(network, cancellation) : network);
        try (var pipeline = DiffusionPipeline.load(TinyPipelines.folder("sd15"), sessions)) {
            assertThatExceptionOfType(GenerationCanceled.class)
                    .isThrownBy(() -> pipeline.generate(twoImages().build(), cancellation, DiffusionListener.NONE));

            assertThat(sessions.network("unet").evaluations()).isEmpty();
            // The pipeline can be used again.
            assertThat(pipeline.description().name()).isEqualTo("sd15");
        }
    }

    @Test
    void closingFreesAllNetworks() {
        var sessions = new ObservedSessions();

        DiffusionPipeline.load(TinyPipelines.folder("sd3"), sessions).close();

        assertThat(sessions.networks())
                .hasSize(6)
                .allSatisfy((name, network) ->
                        assertThat(network.isClosed()).as(name).isTrue());
    }

    @Test
    void aNetworkThatCannotBeLoadedFreesThoseBefore() throws Exception {
        var folder = TinyPipelines.copy("sdxl", temporary);
        var weights = folder.resolve("vae_decoder/model.onnx");
        var bytes = Files.readAllBytes(weights);
        // The names of operators are damaged, but not the structure of the file.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.write(weights, text.replace("Conv", "Xonv").getBytes(StandardCharsets.ISO_8859_1));
        var sessions = new ObservedSessions();

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> DiffusionPipeline.load(folder, sessions))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED))
                .withMessageContaining("vae_decoder/model.onnx cannot be loaded");

        assertThat(sessions.networks())
                .containsOnlyKeys("text_encoder", "text_encoder_2", "unet")
                .allSatisfy((name, network) ->
                        assertThat(network.isClosed()).as(name).isTrue());
    }

    private static DiffusionPipeline load(String name) {
        return DiffusionPipeline.load(TinyPipelines.folder(name), SessionFactory.cpu(1));
    }

    private static BufferedImage image(DiffusionPipeline pipeline, long seed) {
        var request = DiffusionRequest.of("a fox", seed).size(64, 64).steps(2).build();
        return pipeline.generate(request, new Cancellation(), DiffusionListener.NONE)
                .images()
                .get(0);
    }

    private static DiffusionRequest.Builder twoImages() {
        return DiffusionRequest.of(List.of("a fox"), List.of(11L, 12L))
                .size(64, 64)
                .steps(2);
    }

    /** Requests a cancellation when its evaluation begins. */
    private record CancelingNetwork(OnnxModel network, Cancellation cancellation) implements OnnxModel {

        @Override
        public Map<String, TensorType> inputs() {
            return network.inputs();
        }

        @Override
        public Map<String, TensorType> outputs() {
            return network.outputs();
        }

        @Override
        public void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
                throws OrtException {
            cancellation.request();
            network.evaluate(inputs, outputs, options);
        }

        @Override
        public Map<String, TensorValues> compute(
                Map<String, OnnxTensor> inputs, Set<String> outputs, RunOptions options) throws OrtException {
            return network.compute(inputs, outputs, options);
        }

        @Override
        public void close() {
            network.close();
        }
    }
}
