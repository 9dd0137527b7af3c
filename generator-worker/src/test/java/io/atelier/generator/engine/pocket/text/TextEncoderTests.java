package io.atelier.generator.engine.pocket.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.Golden;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncoderTests {

    private static final ModelFolder FOLDER = new ModelFolder(TextEncoderTests.class.getClassLoader(), "models/pocket");
    private static final TextEncoder ENCODER = TextEncoder.load(FOLDER);
    private static final PromptFamiliarity FAMILIARITY = PromptFamiliarity.load(FOLDER);

    @AfterAll
    static void free() {
        ENCODER.close();
    }

    /** The encoder computes in int8, which differs a little from one family of processors to another. */
    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.pocket.Golden#all")
    void embeddingsAreCloseToTheGoldenOnes(Golden golden) {
        var states = values(encode(golden.numbers().prompt()));
        var expected = golden.states();

        assertThat(states).hasSameSizeAs(expected);
        assertThat(cosine(states, expected)).isGreaterThan(0.99);
    }

    @Test
    void aLongPromptIsTruncatedTo64TokensAndMarked() {
        var states = encode("a snowman ".repeat(50));

        assertThat(states.length()).isEqualTo(64);
        assertThat(states.truncated()).isTrue();
        assertThat(encode("a snowman").truncated()).isFalse();
    }

    @Test
    void storedVectorsOfTheVocabularyBelongToItsNames() {
        var names = FOLDER.lines("vocabulary.txt");
        var stored = FOLDER.weights("vocabulary");

        for (int row = 0; row < names.size(); row += 60) {
            var derived = floats(PromptFamiliarity.vector(encode(names.get(row))), 0);
            assertThat(cosine(derived, floats(stored, row * TokenEmbeddings.WIDTH)))
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
        assertThat(FOLDER.lines("examples.txt"))
                .allSatisfy(prompt ->
                        assertThat(FAMILIARITY.nearest(encode(prompt)).cosine()).isGreaterThan(0.45));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantum chromodynamics", "quarterly tax statement", "asdfghjkl qwertz"})
    void promptsWithOtherSubjectsAreNotFamiliar(String prompt) {
        assertThat(FAMILIARITY.nearest(encode(prompt)).cosine()).isLessThan(0.45);
    }

    private static TokenEmbeddings encode(String prompt) {
        try (var run = new OnnxRun(new Cancellation())) {
            return ENCODER.encode(prompt, run);
        }
    }

    private static float[] values(TokenEmbeddings states) {
        var values = FloatBuffer.allocate(states.length() * TokenEmbeddings.WIDTH);
        states.copyTo(values, 0);
        return values.array();
    }

    private static float[] floats(byte[] bytes, int offset) {
        var floats = new float[TokenEmbeddings.WIDTH];
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
