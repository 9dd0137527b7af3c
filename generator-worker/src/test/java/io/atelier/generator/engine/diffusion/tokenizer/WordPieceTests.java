package io.atelier.generator.engine.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.diffusion.pipeline.PocketGolden;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** BERT's tokenizer with the vocabulary of the built-in model. */
class WordPieceTests {

    private static final int CLS = 101;
    private static final int SEP = 102;

    private static final byte[] FILE = PocketModel.onClassPath(1).files().weights("tokenizer");
    private static final Tokenizer TOKENIZER = Tokenizers.parse("tokenizer.json", FILE);

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.PocketGolden#all")
    void idsEqualTheGoldenOnes(PocketGolden golden) {
        assertThat(ids(golden.numbers().prompt())).isEqualTo(golden.numbers().tokenIds());
    }

    /** The ids come from Hugging Face tokenizers 0.23.3 on the same tokenizer.json, truncated to 64. */
    @ParameterizedTest
    @MethodSource("hardCases")
    void idsEqualTheReferenceTokenizer(Case testCase) {
        assertThat(ids(testCase.text())).isEqualTo(testCase.ids());
    }

    @Test
    void aVocabularyOfLinesGivesTheSameIds(@TempDir Path folder) throws IOException {
        var ids = new JsonMapper().readTree(FILE).path("model").path("vocab");
        var lines = ids.properties().stream()
                .sorted(Comparator.comparingInt(
                        (Map.Entry<String, JsonNode> entry) -> entry.getValue().asInt()))
                .map(Map.Entry::getKey)
                .toList();
        Files.write(folder.resolve("vocab.txt"), lines);

        var tokenizer = Tokenizers.read(folder);

        assertThat(tokenizer.maxLength()).isEqualTo(512);
        assertThat(hardCases())
                .isNotEmpty()
                .allSatisfy(
                        testCase -> assertThat(ids(tokenizer, testCase.text())).isEqualTo(testCase.ids()));
    }

    @Test
    void aCasedModelKeepsCapitalsAndAccents(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("vocab.txt"), List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "Caf\u00e9", "cafe"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");

        assertThat(ids(Tokenizers.read(folder), "Caf\u00e9 cafe caf\u00e9")).containsExactly(2, 4, 5, 1, 3);
    }

    @Test
    void controlTokensInAPromptAreText() {
        assertThat(ids("[CLS] [MASK]")).startsWith(CLS).doesNotContain(103).endsWith(SEP);
        assertThat(ids("[CLS] [MASK] [SEP] [PAD]")).isEqualTo(ids("[ cls ] [ mask ] [ sep ] [ pad ]"));
    }

    @Test
    void aLongTextKeepsItsFirst62PiecesAndBothEndTokens() {
        var tokens = TOKENIZER.encode("snowman ".repeat(4_000), 64);

        assertThat(tokens.cut()).hasValue("snowman ".repeat(4_000 - 31));
        assertThat(unpadded(tokens))
                .hasSize(64)
                .startsWith(CLS, 4586, 2386, 4586)
                .endsWith(4586, 2386, SEP);
    }

    @Test
    void aTextOf62PiecesIsNotCut() {
        var tokens = TOKENIZER.encode("word ".repeat(62), 64);

        assertThat(tokens.cut()).isEmpty();
        assertThat(unpadded(tokens)).hasSize(64);
        assertThat(TOKENIZER.encode("word ".repeat(63), 64).cut()).hasValue("word ");
    }

    @Test
    void aShortTextIsPadded() {
        var tokens = TOKENIZER.encode("a cat", 6);

        assertThat(tokens.toIntArray()).containsExactly(CLS, 1037, 4937, SEP, 0, 0);
        assertThat(tokens.toLongArray()).containsExactly(CLS, 1037, 4937, SEP, 0, 0);
        assertThat(tokens.unpaddedLength()).isEqualTo(4);
    }

    @Test
    void aLoneSurrogateIsAnUnknownWord() {
        assertThat(ids("a \ud83d cat")).containsExactly(CLS, 1037, 100, 4937, SEP);
    }

    /** The limit only ends a test whose time grows with the square of the length: that takes hours. */
    @ParameterizedTest(name = "{0}")
    @Timeout(120)
    @MethodSource("io.atelier.generator.engine.diffusion.tokenizer.TokenizerTextTests#hostileTexts")
    void aTextOfAMegabyteIsEncoded(String name, String text) {
        var tokens = TOKENIZER.encode(text, 64);

        assertThat(tokens.cut().orElse(""))
                .satisfies(cut -> assertThat(text.endsWith(cut)).isTrue());
        assertThat(tokens.id(tokens.unpaddedLength() - 1)).isEqualTo(SEP);
    }

    static Stream<Case> hardCases() {
        var in = WordPieceTests.class.getResourceAsStream("wordpiece-cases.json");
        return Stream.of(new JsonMapper().readValue(in, Case[].class));
    }

    private static List<Integer> ids(String text) {
        return ids(TOKENIZER, text);
    }

    private static List<Integer> ids(Tokenizer tokenizer, String text) {
        return unpadded(tokenizer.encode(text, 64));
    }

    private static List<Integer> unpadded(TokenizedText text) {
        return new ArrayList<>(
                IntStream.range(0, text.unpaddedLength()).mapToObj(text::id).toList());
    }

    record Case(String text, List<Integer> ids) {}
}
