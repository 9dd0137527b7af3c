package io.atelier.generator.engine.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of texts that are too long, that look like control tokens, or that are meant to do harm. */
class TokenizerTextTests {

    private static final Tokenizer CLIP = TinyFolders.tokenizer("sd15/tokenizer");
    private static final Tokenizer CLIP_WITH_LITERAL = TinyFolders.tokenizer("sdxl/tokenizer_2");
    private static final Tokenizer T5 = TinyFolders.tokenizer("flux/tokenizer_2");
    private static final int MEGABYTE = 1_000_000;

    @Test
    void aTypedEndTokenOfClipEqualsItsParts() {
        assertThat(TinyFolders.ids(CLIP, "<|endoftext|>")).isEqualTo(TinyFolders.ids(CLIP, "<| endoftext |>"));
        assertThat(TinyFolders.ids(CLIP, "a<|startoftext|>b"))
                .isEqualTo(TinyFolders.ids(CLIP, "a <| startoftext |> b"));
    }

    @Test
    void typedControlTokensOfT5BecomeOrdinaryPieces() {
        assertThat(TinyFolders.ids(T5, "</s>")).containsExactly(3, 2, 7, 2, 1);
        assertThat(TinyFolders.ids(T5, "<pad>").get(0)).isEqualTo(3);
        assertThat(TinyFolders.ids(T5, "<extra_id_0>")).doesNotContain(699);
    }

    @Test
    void theExclamationMarkIsThePaddingOnlyWhereItIsRegistered() {
        assertThat(TinyFolders.ids(CLIP, "a!b")).containsExactly(998, 320, 256, 321, 999);
        assertThat(TinyFolders.ids(CLIP_WITH_LITERAL, "a!b")).containsExactly(998, 320, 0, 321, 999);
        assertThat(CLIP_WITH_LITERAL.encode("a", 5).toIntArray()).containsExactly(998, 320, 999, 0, 0);
        assertThat(CLIP.encode("a", 5).toIntArray()).containsExactly(998, 320, 999, 999, 999);
    }

    @Test
    void aFinalCapitalSigmaBecomesTheUsualSmallOne() {
        assertThat(TinyFolders.ids(CLIP, "\u039f\u03a3")).isEqualTo(TinyFolders.ids(CLIP, "\u03bf\u03c3"));
    }

    /** The ids come from Hugging Face tokenizers 0.23.3: a mark after a character with a replacement is lost there. */
    @Test
    void t5NormalisesClustersAsTheReferenceDoes() {
        assertThat(TinyFolders.ids(T5, " a\r\ncat e\u0301")).containsExactly(5, 122, 3, 46, 1);
        assertThat(TinyFolders.ids(T5, "\ufb01\u0301ne")).containsExactly(430, 202, 1);
        assertThat(TinyFolders.ids(T5, "a\u00a0\u0301b")).containsExactly(5, 357, 1);
        assertThat(TinyFolders.ids(T5, "x\u200dy")).containsExactly(3, 105, 12, 1);
    }

    @Test
    void theCutTextIsTheEndAsTheUserWroteIt() {
        assertThat(CLIP.encode("A cat  NA\u00cfVE, \u3000Caf\u00e9! ", 4).cut())
                .hasValue("NA\u00cfVE, \u3000Caf\u00e9! ");
        assertThat(T5.encode("a  cat,\t\ufb01ne C\u0301af\u00e9 ", 2).cut())
                .hasValue("cat,\t\ufb01ne C\u0301af\u00e9 ");
        assertThat(T5.encode("a cat", 3).cut()).isEmpty();
    }

    @Test
    void aCutInsideAWordBeginsThere() {
        var text = "ex" + "traordinary".repeat(3);

        var tokens = CLIP.encode(text, 5);

        assertThat(tokens.unpaddedLength()).isEqualTo(5);
        assertThat(tokens.cut()).hasValueSatisfying(cut -> assertThat(text).endsWith(cut));
    }

    @Test
    void whiteSpaceAtTheEndIsNotCut() {
        assertThat(CLIP.encode("a cat \n ", 4).cut()).isEmpty();
        assertThat(T5.encode("a cat \n ", 3).cut()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aLengthWithoutRoomForStartAndEndIsRefused(int length) {
        assertThatThrownBy(() -> CLIP.encode("a", length)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theShortestLengthHoldsOnlyStartAndEnd() {
        assertThat(CLIP.encode("a", 2).toIntArray()).containsExactly(998, 999);
        assertThat(CLIP.encode("a", 2).cut()).hasValue("a");
        assertThat(T5.encode("a", 1).toIntArray()).containsExactly(1);
    }

    /** The limit only ends a test whose time grows with the square of the length: that takes hours. */
    @ParameterizedTest(name = "{0}")
    @Timeout(120)
    @MethodSource("hostileTexts")
    void aTextOfAMegabyteIsEncoded(String name, String text) {
        for (var tokenizer : List.of(CLIP_WITH_LITERAL, T5)) {
            var tokens = tokenizer.encode(text, 77);

            assertThat(tokens.length()).isEqualTo(77);
            assertThat(tokens.cut().orElse(""))
                    .satisfies(cut -> assertThat(text.endsWith(cut)).isTrue());
            assertThat(tokens.cut().isEmpty() || tokens.unpaddedLength() == 77).isTrue();
        }
        assertThat(CLIP.encode(text, 3 * MEGABYTE + 2).length()).isEqualTo(3 * MEGABYTE + 2);
    }

    static Stream<Arguments> hostileTexts() {
        var random = new Random(1);
        var chars = new StringBuilder();
        var letters = new StringBuilder();
        for (int i = 0; i < MEGABYTE; i++) {
            chars.append((char) random.nextInt(Character.MAX_VALUE + 1));
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return Stream.of(
                Arguments.of("any chars", chars.toString()),
                Arguments.of("one word", letters.toString()),
                Arguments.of("one letter", "a".repeat(MEGABYTE)),
                Arguments.of("high surrogates", "\ud83d".repeat(MEGABYTE)),
                Arguments.of("low surrogates", "\ude00".repeat(MEGABYTE)),
                Arguments.of("NUL", "\0".repeat(MEGABYTE)),
                Arguments.of("marks out of order", "a" + "\u0301\u0316".repeat(MEGABYTE / 2)),
                Arguments.of("apostrophes", "'".repeat(MEGABYTE)),
                Arguments.of("exclamation marks", "!".repeat(MEGABYTE)),
                Arguments.of("spaces", " ".repeat(MEGABYTE)),
                Arguments.of("joiners", "\u200d".repeat(MEGABYTE)),
                Arguments.of("ligatures of 18 letters", "\ufdfa".repeat(MEGABYTE)),
                Arguments.of("word marks", "\u2581".repeat(MEGABYTE)));
    }

    @Test
    void manyThreadsGetTheSameIds() throws InterruptedException, ExecutionException {
        var texts = IntStream.range(0, 300)
                .mapToObj(i -> "a tiny r\u00e9d fox no " + i + " don't!")
                .toList();
        var expected = texts.stream().map(text -> TinyFolders.ids(CLIP, text)).toList();
        Callable<List<List<Integer>>> run =
                () -> texts.stream().map(text -> TinyFolders.ids(CLIP, text)).toList();
        var threads = Executors.newFixedThreadPool(4);
        try {
            for (var result : threads.invokeAll(List.of(run, run, run, run))) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }
}
