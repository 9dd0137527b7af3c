package io.atelier.generator.engine.pocket.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.pocket.Golden;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class WordPieceTokenizerTests {

    private static final int CLS = 101;
    private static final int SEP = 102;

    private static final WordPieceTokenizer TOKENIZER = WordPieceTokenizer.read(
            new ModelFolder(WordPieceTokenizerTests.class.getClassLoader(), "models/pocket").weights("tokenizer"));

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.pocket.Golden#all")
    void idsEqualTheGoldenOnes(Golden golden) {
        assertThat(ids(golden.numbers().prompt())).isEqualTo(golden.numbers().tokenIds());
    }

    /** The ids come from Hugging Face tokenizers 0.23.3 on the same tokenizer.json, truncated to 64. */
    @ParameterizedTest
    @MethodSource("hardCases")
    void idsEqualTheReferenceTokenizer(Case testCase) {
        assertThat(ids(testCase.text())).isEqualTo(testCase.ids());
    }

    @Test
    void controlTokensInAPromptAreText() {
        assertThat(ids("[CLS] [MASK]")).startsWith(CLS).doesNotContain(103).endsWith(SEP);
        assertThat(ids("[CLS] [MASK]").subList(1, 3)).doesNotContain(CLS);
    }

    @Test
    void aLongTextKeepsItsFirst62PiecesAndBothEndTokens() {
        var tokens = TOKENIZER.tokenize("snowman ".repeat(4_000));

        assertThat(tokens.truncated()).isTrue();
        assertThat(tokens.ids()).hasSize(64).startsWith(CLS, 4586, 2386, 4586).endsWith(4586, 2386, SEP);
    }

    @Test
    void aTextOf62PiecesIsNotTruncated() {
        var tokens = TOKENIZER.tokenize("word ".repeat(62));

        assertThat(tokens.truncated()).isFalse();
        assertThat(tokens.ids()).hasSize(64);
        assertThat(TOKENIZER.tokenize("word ".repeat(63)).truncated()).isTrue();
    }

    @Test
    void aLoneSurrogateIsAnUnknownWord() {
        assertThat(ids("a \ud83d cat")).containsExactly(CLS, 1037, 100, 4937, SEP);
    }

    static Stream<Case> hardCases() {
        var in = WordPieceTokenizerTests.class.getResourceAsStream("wordpiece-cases.json");
        return Stream.of(new JsonMapper().readValue(in, Case[].class));
    }

    private static List<Integer> ids(String text) {
        return TOKENIZER.tokenize(text).ids();
    }

    record Case(String text, List<Integer> ids) {}
}
