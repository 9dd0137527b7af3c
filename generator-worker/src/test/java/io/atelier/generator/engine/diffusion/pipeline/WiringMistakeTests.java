package io.atelier.generator.engine.diffusion.pipeline;

import static io.atelier.generator.engine.diffusion.pipeline.ChangedNetwork.change;
import static io.atelier.generator.engine.diffusion.pipeline.ChangedNetwork.takeOutput;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.TensorValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** The golden values find mistakes: each pipeline here has one, and is found to differ where it is expected. */
class WiringMistakeTests {

    @TempDir
    Path temporary;

    static List<NetworkMistake> networkMistakes() {
        return List.of(
                new NetworkMistake(
                        "the states of the two CLIP encoders are joined in the wrong order",
                        GoldenCase.named("sdxl", "euler_5"),
                        change("unet", "encoder_hidden_states", states -> rotated(states, 48, 16)),
                        "latents"),
                new NetworkMistake(
                        "the negative rows come last",
                        GoldenCase.named("sd15", "dpmpp2m_karras"),
                        change("unet", "encoder_hidden_states", WiringMistakeTests::halvesSwapped),
                        "latents"),
                new NetworkMistake(
                        "time_ids have widths before heights",
                        GoldenCase.named("sdxl", "euler_long_64x96_crops"),
                        change("unet", "time_ids", WiringMistakeTests::pairsSwapped),
                        "latents"),
                new NetworkMistake(
                        "the sign of the prediction is wrong",
                        GoldenCase.named("sd15", "euler_karras"),
                        change("unet", "out_sample", values -> scaled(values, -1)),
                        "latents"),
                new NetworkMistake(
                        "FLUX gets timesteps of 0 to 1000",
                        GoldenCase.named("flux", "schnell_4"),
                        change("transformer", "timestep", values -> scaled(values, 1000)),
                        "latents"),
                new NetworkMistake(
                        "Stable Diffusion 3 gets timesteps of 0 to 1",
                        GoldenCase.named("sd3", "cfg7_6"),
                        change("transformer", "timestep", values -> scaled(values, 1e-3f)),
                        "latents"),
                new NetworkMistake(
                        "FLUX's latents are packed in the order of row, column, channel",
                        GoldenCase.named("flux-dev", "dev_5"),
                        change("transformer", "hidden_states", WiringMistakeTests::channelsLast),
                        "latents"),
                new NetworkMistake(
                        "img_ids have the column before the row",
                        GoldenCase.named("flux-dev", "dev_unicode_96x64"),
                        change("transformer", "img_ids", WiringMistakeTests::columnsFirst),
                        "latents"),
                new NetworkMistake(
                        "the guidance of FLUX dev is less by one",
                        GoldenCase.named("flux-dev", "dev_5"),
                        change(
                                "transformer",
                                "guidance",
                                values -> new TensorValues(values.shape(), new float[] {2.5f})),
                        "latents"),
                new NetworkMistake(
                        "the states of T5 come before those of CLIP, which no latents show",
                        GoldenCase.named("sd3", "cfg7_6"),
                        change("transformer", "encoder_hidden_states", states -> rotated(states, 333 * 48, 77 * 48)),
                        "embeddings"),
                new NetworkMistake(
                        "the last layer of the first encoder of SDXL is used, not the last but one",
                        GoldenCase.named("sdxl", "euler_5"),
                        takeOutput("text_encoder", "hidden_states.2", "hidden_states.3"),
                        "latents"),
                new NetworkMistake(
                        "the last hidden state of the second encoder of SD 3 is used",
                        GoldenCase.named("sd3", "cfg7_6"),
                        takeOutput("text_encoder_2", "hidden_states.1", "last_hidden_state"),
                        "latents"));
    }

    static List<RequestMistake> requestMistakes() {
        return List.of(
                new RequestMistake(
                        "guidance is missing",
                        GoldenCase.named("sdxl", "euler_5"),
                        request -> request.guidance(1.0),
                        "latents"),
                new RequestMistake(
                        "a missing negative prompt is taken for an empty text",
                        GoldenCase.named("sdxl", "euler_unicode_no_negative"),
                        request -> request.negativePrompt(""),
                        "latents"),
                new RequestMistake(
                        "an empty negative prompt is taken for a missing one",
                        GoldenCase.named("sdxl", "euler_empty_negative"),
                        request -> request.negativePrompt(null),
                        "latents"),
                new RequestMistake(
                        "original size and crop are not passed on",
                        GoldenCase.named("sdxl", "euler_long_64x96_crops"),
                        request -> request.sizeConditioning(null),
                        "latents"),
                new RequestMistake(
                        "no layer of CLIP is skipped",
                        GoldenCase.named("sdxl", "clip_skip_1"),
                        request -> request.clipSkip(0),
                        "latents"),
                new RequestMistake(
                        "the guidance embedding of a latent consistency model takes the scale, not the scale less one",
                        GoldenCase.named("lcm", "lcm_4"),
                        request -> request.guidance(9.5),
                        "latents"),
                new RequestMistake(
                        "T5 reads 256 tokens in place of 512",
                        GoldenCase.named("flux-dev", "dev_5"),
                        request -> request.maxSequenceLength(256),
                        "latents"),
                new RequestMistake(
                        "one stream draws the noise of all images",
                        GoldenCase.named("sd15", "euler_a_batch2"),
                        request -> request.sharedNoise(2),
                        "latents"),
                new RequestMistake(
                        "noise levels of SD 3 are not shifted",
                        GoldenCase.named("sd3", "cfg7_6"),
                        request -> request.scheduler(flowMatching("sd3", "cfg7_6", "shift", 1)),
                        "latents"),
                new RequestMistake(
                        "noise levels of FLUX dev do not depend on the size",
                        GoldenCase.named("flux-dev", "dev_256x256"),
                        request ->
                                request.scheduler(flowMatching("flux-dev", "dev_256x256", "base_image_seq_len", 128)),
                        "latents"));
    }

    @ParameterizedTest
    @MethodSource("networkMistakes")
    void aWrongTensorIsFound(NetworkMistake mistake) {
        var golden = mistake.golden();

        var comparison = GoldenRun.compare(
                golden, golden.folder(temporary), golden.request().build(), new ObservedSessions(mistake.change()));

        assertThat(comparison.failedKinds()).contains(mistake.found());
    }

    @ParameterizedTest
    @MethodSource("requestMistakes")
    void aWrongParameterIsFound(RequestMistake mistake) {
        var golden = mistake.golden();

        var request = mistake.change().apply(golden.request()).build();
        var comparison = GoldenRun.compare(golden, golden.folder(temporary), request, new ObservedSessions());

        assertThat(comparison.failedKinds()).contains(mistake.found());
    }

    @Test
    void aVaeWithoutItsShiftIsFoundInTheImageAlone() throws IOException {
        var golden = GoldenCase.named("sd3", "cfg7_6");
        var folder = TinyPipelines.copy("sd3", temporary);
        replace(folder.resolve("vae_decoder/config.json"), "\"shift_factor\": 0.0609", "\"shift_factor\": 0");

        var comparison = GoldenRun.compare(golden, folder);

        assertThat(comparison.failedKinds()).contains("image").doesNotContain("latents");
    }

    @Test
    void aVaeWithTheFactorOfAnotherFamilyIsFoundInTheImageAlone() throws IOException {
        var golden = GoldenCase.named("sdxl", "euler_5");
        var folder = TinyPipelines.copy("sdxl", temporary);
        replace(
                folder.resolve("vae_decoder/config.json"),
                "\"scaling_factor\": 0.13025",
                "\"scaling_factor\": 0.18215");

        var comparison = GoldenRun.compare(golden, folder);

        assertThat(comparison.failedKinds()).contains("image").doesNotContain("latents");
    }

    private static void replace(Path file, String old, String replacement) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, replacement));
    }

    private static SchedulerConfig flowMatching(String pipeline, String name, String field, int value) {
        var golden = GoldenCase.named(pipeline, name).json();
        var config = (ObjectNode) golden.path("scheduler_config").deepCopy();
        config.put("_class_name", "FlowMatchEulerDiscreteScheduler").put(field, value);
        return SchedulerConfig.parse(config.toString());
    }

    /** Moves the first values of each block of the given width to its end. */
    private static TensorValues rotated(TensorValues values, int width, int first) {
        return permuted(values, i -> i / width * width + (i % width + first) % width);
    }

    private static TensorValues halvesSwapped(TensorValues values) {
        int half = values.values().length / 2;
        return permuted(values, i -> (i + half) % (2 * half));
    }

    private static TensorValues pairsSwapped(TensorValues values) {
        return permuted(values, i -> i ^ 1);
    }

    /** From channel, row, column to row, column, channel; 16 channels. */
    private static TensorValues channelsLast(TensorValues values) {
        return permuted(values, i -> i / 64 * 64 + i % 16 * 4 + i % 64 / 16);
    }

    private static TensorValues columnsFirst(TensorValues ids) {
        return permuted(ids, i -> i % 3 == 0 ? i : i / 3 * 3 + 3 - i % 3);
    }

    private static TensorValues scaled(TensorValues values, float factor) {
        var changed = new float[values.values().length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = factor * values.values()[i];
        }
        return new TensorValues(values.shape(), changed);
    }

    private static TensorValues permuted(TensorValues values, IntUnaryOperator source) {
        var changed = new float[values.values().length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = values.values()[source.applyAsInt(i)];
        }
        return new TensorValues(values.shape(), changed);
    }

    /**
     * A network that is wired wrongly.
     *
     * @param found the kind of values that shows the mistake
     */
    record NetworkMistake(
            String what, GoldenCase golden, BiFunction<String, OnnxModel, OnnxModel> change, String found) {
        @Override
        public String toString() {
            return what;
        }
    }

    /**
     * A request that is passed on wrongly.
     *
     * @param found the kind of values that shows the mistake
     */
    record RequestMistake(
            String what, GoldenCase golden, UnaryOperator<DiffusionRequest.Builder> change, String found) {
        @Override
        public String toString() {
            return what;
        }
    }
}
