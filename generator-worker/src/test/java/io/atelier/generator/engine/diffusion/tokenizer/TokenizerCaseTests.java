package io.atelier.generator.engine.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Token ids equal those of the reference, for texts of many scripts and for whole pipelines. */
class TokenizerCaseTests {

    private static final Map<String, List<String>> FOLDERS = Map.of(
            "clip",
            List.of(
                    "sd15/tokenizer",
                    "sdxl/tokenizer",
                    "lcm/tokenizer",
                    "sd3/tokenizer",
                    "flux/tokenizer",
                    "flux-dev/tokenizer"),
            "clip_pad_exclamation",
            List.of("sdxl/tokenizer_2", "sd3/tokenizer_2"),
            "t5",
            List.of("sd3/tokenizer_3", "flux/tokenizer_2", "flux-dev/tokenizer_2"));

    private static final List<JsonNode> CASES =
            TinyFolders.json("tokenizer-cases.json").path("cases").valueStream().toList();

    @ParameterizedTest
    @MethodSource("folders")
    void idsOfTextsEqualTheReference(String kind, String folder) {
        var tokenizer = TinyFolders.tokenizer(folder);

        // The reference reads typed control tokens as such; here they are text.
        var texts = CASES.stream().filter(row -> !hasControlTokens(row)).toList();

        assertThat(texts)
                .hasSize(46)
                .allSatisfy(row -> assertThat(
                                TinyFolders.ids(tokenizer, row.path("text").stringValue()))
                        .as(row.path("text").stringValue())
                        .isEqualTo(TinyFolders.ids(row.path("ids").path(kind))));
    }

    @ParameterizedTest
    @MethodSource("folders")
    void typedControlTokensAreText(String kind, String folder) {
        var tokenizer = TinyFolders.tokenizer(folder);
        boolean clip = !kind.equals("t5");
        var control = clip ? List.of(998, 999) : List.of(0, 1);

        var rows = CASES.stream().filter(TokenizerCaseTests::hasControlTokens).toList();

        assertThat(rows).hasSize(5).allSatisfy(row -> {
            var ids = TinyFolders.ids(tokenizer, row.path("text").stringValue());
            assertThat(ids.subList(clip ? 1 : 0, ids.size() - 1))
                    .hasSizeGreaterThan(2)
                    .doesNotContainAnyElementsOf(control)
                    .allMatch(id -> clip || id < 600);
        });
    }

    @Test
    void aSentencePieceFileGivesTheSameIdsAsTheJsonFile(@TempDir Path folder) {
        TinyFolders.copy("flux/tokenizer_2", folder, "spiece.model");
        var tokenizer = Tokenizers.read(folder);
        var expected = TinyFolders.tokenizer("flux/tokenizer_2");

        assertThat(CASES).hasSize(51).allSatisfy(row -> {
            var text = row.path("text").stringValue();
            assertThat(TinyFolders.ids(tokenizer, text)).isEqualTo(TinyFolders.ids(expected, text));
        });
        assertThat(tokenizer.maxLength()).isEqualTo(512);
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void paddedIdsOfWholePipelinesEqualTheReference(String pipeline) {
        var cases = TinyFolders.json(pipeline + "/golden.json").path("cases");

        assertThat(cases.valueStream())
                .isNotEmpty()
                .allSatisfy(row -> row.path("tokens").properties().forEach(tokens -> {
                    var tokenizer = TinyFolders.tokenizer(pipeline + "/" + tokens.getKey());
                    compare(tokenizer, row.path("prompt"), tokens.getValue(), "prompt");
                    compare(tokenizer, row.path("negative_prompt"), tokens.getValue(), "negative");
                }));
    }

    /** A text, or a list of them, and a list of ids for each; no ids where the text was not encoded. */
    private static void compare(Tokenizer tokenizer, JsonNode prompt, JsonNode tokens, String member) {
        var rows = tokens.path(member);
        int length = tokens.path("max_length").intValue();
        for (int i = 0; i < rows.size(); i++) {
            var text = prompt.isArray() ? prompt.path(i).asString("") : prompt.asString("");
            assertThat(tokenizer.encode(text, length).toIntArray())
                    .as(text)
                    .containsExactly(rows.path(i)
                            .valueStream()
                            .mapToInt(JsonNode::intValue)
                            .toArray());
        }
        assertThat(member.equals("prompt") && rows.isEmpty()).isFalse();
    }

    private static boolean hasControlTokens(JsonNode row) {
        return row.path("control_tokens_in_text").asBoolean(false);
    }

    static Stream<Arguments> folders() {
        return FOLDERS.entrySet().stream()
                .flatMap(kind -> kind.getValue().stream().map(folder -> Arguments.of(kind.getKey(), folder)));
    }

    static Stream<String> pipelines() {
        return Stream.of("sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev");
    }
}
