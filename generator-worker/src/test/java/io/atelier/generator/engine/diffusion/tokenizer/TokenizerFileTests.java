package io.atelier.generator.engine.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layouts and variants of the files, and files that are missing or damaged. */
class TokenizerFileTests {

    private static final String CLIP = "flux/tokenizer";
    private static final String T5 = "flux/tokenizer_2";
    private static final String WORD_PIECE = """
            {"model": {"type": "WordPiece", "vocab": {"[CLS]": 0, "[SEP]": 1, "[PAD]": 2, "[UNK]": 3, "a": 4}},
             "normalizer": {"type": "BertNormalizer", "lowercase": true}}""";

    @TempDir
    private Path folder;

    @Test
    void lengthsAreThoseOfTheFolder() throws IOException {
        assertThat(TinyFolders.tokenizer(CLIP).maxLength()).isEqualTo(77);
        assertThat(TinyFolders.tokenizer(T5).maxLength()).isEqualTo(512);
        TinyFolders.copy(T5, folder, "tokenizer.json");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 256}");
        assertThat(Tokenizers.read(folder).maxLength()).isEqualTo(256);
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void fileThatCannotBeReadNowIsNoDamage() throws IOException {
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), Path.of("/proc/self/mem"));

        assertThatThrownBy(() -> Tokenizers.read(folder))
                .hasMessageContaining("tokenizer.json cannot be read now: Input/output error.")
                .extracting(thrown -> ((GenerationFailed) thrown).failure().code())
                .isEqualTo(Failure.Code.ENGINE_UNAVAILABLE);
    }

    @Test
    void aLengthWithoutLimitIsTheUsualOne() throws IOException {
        TinyFolders.copy(T5, folder, "tokenizer.json");
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 1000000000000000019884624838656}");

        assertThat(Tokenizers.read(folder).maxLength()).isEqualTo(512);
    }

    @Test
    void clipWithoutSettingsHasThePublishedTokens() {
        TinyFolders.copy(CLIP, folder, "vocab.json", "merges.txt");

        assertThat(Tokenizers.read(folder).encode("a", 5).toIntArray()).containsExactly(998, 320, 999, 999, 999);
    }

    @Test
    void thePaddingOfTheSettingsAppliesToTheJsonFileToo() throws IOException {
        TinyFolders.copy("flux-dev/tokenizer", folder, "tokenizer.json");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"!\", \"unk_token\": null}");

        assertThat(Tokenizers.read(folder).encode("a!", 6).toIntArray()).containsExactly(998, 320, 0, 999, 0, 0);
    }

    @DisplayName(
            "Only a padding token of one character is found in a text; of longer ones neither the whole nor the first character is")
    @ParameterizedTest
    @CsvSource({"<|endoftext|>, '<', '<|endoftext|>'", "in, i, 'in in'"})
    void longPaddingTokenIsText(String padding, String beginning, String whole) throws IOException {
        TinyFolders.copy(CLIP, folder, "vocab.json", "merges.txt");
        var plain = Tokenizers.read(folder);
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"" + padding + "\"}");
        var padded = Tokenizers.read(folder);

        for (var text : List.of(beginning, whole, "a" + beginning + " " + whole + "a")) {
            var expected = plain.encode(text, 40);
            var found = padded.encode(text, 40);
            assertThat(found.unpaddedLength()).isEqualTo(expected.unpaddedLength());
            assertThat(Arrays.copyOf(found.toIntArray(), found.unpaddedLength()))
                    .containsExactly(Arrays.copyOf(expected.toIntArray(), expected.unpaddedLength()));
        }
        assertThat(padded.encode(beginning, 40).unpaddedLength()).isEqualTo(3);
    }

    @Test
    void paddingTokenOfOneCharacterMayHaveTwoCodeUnits() throws IOException {
        TinyFolders.copy(CLIP, folder, "vocab.json", "merges.txt");
        var vocabulary = Files.readString(folder.resolve("vocab.json"));
        Files.writeString(folder.resolve("vocab.json"), vocabulary.replaceFirst("\\{", "{\"\uD83E\uDD8A\": 1000,"));
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"\uD83E\uDD8A\"}");

        assertThat(Tokenizers.read(folder).encode("a\uD83E\uDD8A", 6).toIntArray())
                .containsExactly(998, 320, 1000, 999, 1000, 1000);
    }

    @DisplayName("An unknown character costs 10 more than the least likely piece, as in the reference")
    @ParameterizedTest
    @CsvSource({"-5.9, '3 5 6 7 1'", "-6.1, '3 4 2 8 1'"})
    void unknownCharacterHasAPenalty(double least, String ids) {
        // Either axb, c and d, of 3 * least, or a, unknown and bcd, of -1 + (least - 10) - 1: equal at -6.
        var json = """
                {"model": {"type": "Unigram", "unk_id": 2, "vocab": [["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["\u2581", 0],
                 ["a", -1], ["axb", %1$s], ["c", %1$s], ["d", %1$s], ["bcd", -1]]},
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always"}}""";
        var tokenizer = Tokenizers.parse("tokenizer.json", json.formatted(least).getBytes(StandardCharsets.UTF_8));

        assertThat(TinyFolders.ids(tokenizer, "axbcd"))
                .containsExactlyElementsOf(
                        Arrays.stream(ids.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void mergesOfOldFilesAreStrings() throws IOException {
        edit("flux-dev/tokenizer", json -> json.replaceAll("\\[\\s*(\"[^\",]+)\",\\s*\"([^\",]+\")\\s*\\]", "$1 $2"));

        assertThat(Files.readString(folder.resolve("tokenizer.json"))).contains("\"i n\"");
        assertThat(TinyFolders.ids(Tokenizers.read(folder), "the two red cats"))
                .isEqualTo(TinyFolders.ids(TinyFolders.tokenizer(CLIP), "the two red cats"));
    }

    /** The ids come from Hugging Face tokenizers 0.23.3 on the same files. */
    @ParameterizedTest
    @CsvSource({
        "'always', '  two   cats ', '9 8 122 7 1'",
        "'always', 'a\u2581b', '5 357 1'",
        "'never', 'a cat', '599 122 1'",
    })
    void whiteSpaceRulesOfOlderExportsAreFollowed(String scheme, String text, String ids) throws IOException {
        edit(
                T5,
                json -> json.replaceFirst(
                                "\"normalizer\":\\s*(\\{[^}]*})",
                                "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [$1,"
                                        + "{\"type\": \"Strip\", \"strip_left\": false, \"strip_right\": true},"
                                        + "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \" {2,}\"}, \"content\": \"\u2581\"}]}")
                        .replaceFirst(
                                "\"pre_tokenizer\":\\s*\\{[^}]*}[^}]*}\\s*]\\s*}",
                                "\"pre_tokenizer\": {\"type\": \"Metaspace\", \"replacement\": \"\u2581\", \"prepend_scheme\": \""
                                        + scheme + "\"}"));

        assertThat(TinyFolders.ids(Tokenizers.read(folder), text))
                .containsExactlyElementsOf(
                        Arrays.stream(ids.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void tokensThatTheSettingsNameAreNotFoundInTexts() throws IOException {
        TinyFolders.copy(T5, folder, "spiece.model");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"cls_token\": \"the\", \"pad_token\": {\"content\": \"<pad>\"}}");

        assertThat(TinyFolders.ids(TinyFolders.tokenizer(T5), "the")).contains(6);
        assertThat(TinyFolders.ids(Tokenizers.read(folder), "the")).doesNotContain(6);
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws IOException {
        try (var file = new RandomAccessFile(folder.resolve("vocab.txt").toFile(), "rw")) {
            file.setLength(200L << 20);
        }

        assertFailure("vocab.txt cannot be used", "209715200 bytes, at most 134217728");
    }

    @Test
    void aFolderWithoutTokenizerIsRefused() {
        assertFailure(
                "The folder " + folder.getFileName() + " has no tokenizer", "tokenizer.json", "Download or export");
        assertThatThrownBy(() -> Tokenizers.read(folder.resolve("tokenizer_9")))
                .hasMessageContaining("tokenizer_9 does not exist");
    }

    @Test
    void aMissingFileIsNamed() {
        TinyFolders.copy(CLIP, folder, "vocab.json");

        assertFailure(file("merges.txt") + " is missing", "Download or export the model again");
    }

    @Test
    void vocabularyAndMergesMustBelongTogether() throws IOException {
        TinyFolders.copy(CLIP, folder, "vocab.json");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\ni n\nq zz\n");

        assertFailure("merges.txt", "the merge 'q zz' does not belong to the vocabulary");
    }

    @Test
    void aSpecialTokenMustBeInTheVocabulary() throws IOException {
        TinyFolders.copy(CLIP, folder, "vocab.json", "merges.txt");
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": {\"content\": \"<|pad|>\"}}");

        assertFailure("vocab.json", "it lacks '<|pad|>', which is the pad_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"})
    void brokenJsonIsNamed(String file) throws IOException {
        TinyFolders.copy(T5, folder, "spiece.model");
        Files.writeString(folder.resolve(file), "{\"model\": ");

        assertFailure(file(file) + " cannot be used", "no valid JSON", "Download or export the model again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|no JSON object",
                "{}|its model is 'none'",
                "{\"model\": {\"type\": \"WordLevel\"}}|its model is 'WordLevel'",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}|another kind than CLIP's",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": \"b\"}}}|the id of token 'a'",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": -1}}}|the id of token 'a'",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\"}}|no vocabulary",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}}|piece 0",
                "{\"model\": {\"type\": \"Unigram\", \"byte_fallback\": true}}|to bytes",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}|pre_tokenizer",
                "{\"model\": {\"type\": \"Unigram\"}, \"normalizer\": {\"type\": \"NFKC\"}}|normalizer 'NFKC'",
                "{\"model\": {\"type\": \"Unigram\"}, \"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\"}}|charsmap",
                "{\"model\": {\"type\": \"Unigram\"}, \"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAE=\"}}|charsmap",
                "{\"model\": {\"type\": \"Unigram\"}, \"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"/////w==\"}}|charsmap",
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}|normalizer is not BERT's",
            })
    void wrongContentIsNamed(String json, String problem) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);

        assertFailure(file("tokenizer.json") + " cannot be used", problem, "Download or export the model again");
    }

    @Test
    void aWordPieceFileNeedsOnlyItsVocabularyAndNormalizer() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), WORD_PIECE);

        assertThat(TinyFolders.ids(Tokenizers.read(folder), "A b")).containsExactly(0, 4, 3, 1);
    }

    @Test
    void aTruncatedSentencePieceFileIsNamed() throws IOException {
        var bytes = Files.readAllBytes(TinyFolders.path(T5).resolve("spiece.model"));
        Files.write(folder.resolve("spiece.model"), Arrays.copyOf(bytes, bytes.length / 2));

        assertFailure("spiece.model", "Download or export the model again");
    }

    /** Any bytes are either refused or read as a tokenizer that works. */
    @Test
    void damagedSentencePieceFilesNeverFailOtherwise() throws IOException {
        var bytes = Files.readAllBytes(TinyFolders.path(T5).resolve("spiece.model"));
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            var damaged = bytes.clone();
            for (int k = 0; k <= i % 20; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(folder.resolve("spiece.model"), damaged);
            try {
                assertThat(Tokenizers.read(folder)
                                .encode("a caf\u00e9 \ufb01ne \u2122", 20)
                                .length())
                        .isEqualTo(20);
            } catch (GenerationFailed e) {
                assertThat(e).hasMessageContaining("spiece.model");
            }
        }
    }

    private void edit(String name, UnaryOperator<String> change) throws IOException {
        var json = Files.readString(TinyFolders.path(name).resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer.json"), change.apply(json));
    }

    private void assertFailure(String... parts) {
        assertThatThrownBy(() -> Tokenizers.read(folder))
                .isInstanceOfSatisfying(
                        GenerationFailed.class,
                        e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED))
                .message()
                .contains(parts);
    }

    /** As messages name a file: without the path of its model, which clients need not know. */
    private String file(String name) {
        return "The tokenizer file " + folder.getFileName() + "/" + name;
    }
}
