package io.atelier.generator.engine.diffusion.pipeline.pocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.PocketGolden;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.diffusion.pipeline.text.EncodingOptions;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptWarning;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.worker.cancellation.Cancellation;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PocketPromptEncoderTests {

    private static final ClassPathModel FILES = PocketModel.onClassPath(1).files();
    private static final OnnxModel NETWORK = OnnxModel.load(FILES.weights("text_encoder"), 1);
    private static final PocketPromptEncoder ENCODER = PocketPromptEncoder.load(FILES, NETWORK);
    private static final PromptFamiliarity FAMILIARITY = PromptFamiliarity.load(FILES);

    @AfterAll
    static void free() {
        NETWORK.close();
    }

    /** The encoder computes in int8, which differs a little from one family of processors to another. */
    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.PocketGolden#all")
    void embeddingsAreCloseToTheGoldenOnes(PocketGolden golden) {
        var states = encode(golden.numbers().prompt()).values();
        var expected = golden.states();

        assertThat(states).hasSameSizeAs(expected);
        assertThat(cosine(states, expected)).isGreaterThan(0.99);
    }

    @DisplayName(
            "A prompt is cut after 64 tokens with a warning; so is a negative prompt, of which nothing else is said")
    @Test
    void longTextIsCut() {
        var text = "a zirconium snowman ".repeat(50);
        var options = new EncodingOptions(0, 0);
        try (var run = new OnnxRun(new Cancellation())) {
            var prompt = ENCODER.encode(List.of(text, "a snowman"), options, run);
            var negative = ENCODER.encodeNegative(List.of(text), options, run);

            assertThat(prompt.states().shape()).containsExactly(2, 64, 384);
            assertThat(prompt.length(0)).isEqualTo(64);
            assertThat(prompt.length(1)).isEqualTo(5);
            assertThat(prompt.warnings())
                    .extracting(PromptWarning::plain)
                    .hasSize(2)
                    .last()
                    .isEqualTo("pocket reads about 60 words; the rest of the prompt was ignored.");
            assertThat(negative.warnings())
                    .containsExactly(PromptWarning.plain(
                            "pocket reads about 60 words; the rest of the negative prompt was ignored."));
        }
    }

    @Test
    void storedVectorsOfTheVocabularyBelongToItsNames() {
        var names = FILES.lines("vocabulary.txt");
        var stored = FILES.weights("vocabulary");

        for (int row = 0; row < names.size(); row += 60) {
            var derived = floats(PromptFamiliarity.vector(encode(names.get(row))), 0);
            assertThat(cosine(derived, floats(stored, row * PocketPromptEncoder.WIDTH)))
                    .as(names.get(row))
                    .isGreaterThan(0.99);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snowman", "red apple", "fire engine", "hot dog"})
    void aNameIsNearestToItself(String name) {
        var nearest = FAMILIARITY.nearest(encode(name));

        assertThat(nearest.name()).isEqualTo(name);
        assertThat(nearest.cosine()).isCloseTo(1, within(0.02));
    }

    @Test
    void examplePromptsAreFamiliar() {
        assertThat(FILES.lines("examples.txt"))
                .allSatisfy(prompt ->
                        assertThat(FAMILIARITY.nearest(encode(prompt)).cosine()).isGreaterThan(0.45));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantum chromodynamics", "quarterly tax statement", "asdfghjkl qwertz"})
    void promptsWithOtherSubjectsAreNotFamiliar(String prompt) {
        assertThat(FAMILIARITY.nearest(encode(prompt)).cosine()).isLessThan(0.45);
    }

    private static TensorValues encode(String prompt) {
        try (var run = new OnnxRun(new Cancellation())) {
            return ENCODER.states(prompt, run);
        }
    }

    private static float[] floats(byte[] bytes, int offset) {
        var floats = new float[PocketPromptEncoder.WIDTH];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = bytes[offset + i];
        }
        return floats;
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            dot += one[i] * other[i];
            ones += one[i] * one[i];
            others += other[i] * other[i];
        }
        return dot / Math.sqrt(ones * others);
    }
}
