package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Persona;
import java.util.HashSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonaPromptsTests {

    private final PersonaPrompts prompts = new PersonaPrompts("");

    @Test
    @DisplayName("The base prompt asks for an unpolished selfie, then says the person and at last the gender")
    void basePromptHasTheOutline() {
        var prompt = prompts.base(SamplePersonas.with("m", null, null), null);

        assertThat(prompt)
                .containsSubsequence("selfie", "amateur's digital camera", "low resolution", "Person: ", "male.")
                .endsWith("Person: " + SamplePersonas.BIO + ".\nmale.");
    }

    @Test
    void ethnicityAndAgeAreBetweenPersonAndGender() {
        var prompt = prompts.base(SamplePersonas.with("f", "Kashubian", 0), null);

        assertThat(prompt).endsWith(SamplePersonas.BIO + ".\nEthnicity: Kashubian.\nAge: 0.\nfemale.");
    }

    @ParameterizedTest
    @CsvSource({"m, male", "M, male", "Male, male", "f, female", "FEMALE, female", "non-binary, non-binary", "w, w"})
    void onlyAbbreviationsOfGenderAreReplaced(String given, String word) {
        assertThat(prompts.base(SamplePersonas.with(given, null, null), null)).endsWith("\n" + word + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Says \"hello\" and 'bye' \\ $1",
                "first line\nsecond line\r\n\tthird",
                "\uD83D\uDC69\uD83C\uDFFD\u200D\uD83D\uDD2C in a caf\u00E9 \u2014 \u738B\u82B3",
                "{gender} of {bio}, {scene_1} %s",
            })
    void whatThePersonSaysIsIntact(String bio) {
        assertThat(prompts.base(SamplePersonas.withBio(bio), null)).contains("Person: " + bio + ".\nfemale.");
        assertThat(prompts.grid(SamplePersonas.withBio(bio), 0, null)).contains("Person: " + bio + ".\nfemale.");
    }

    @Test
    void bioThatEndsASentenceGetsNoSecondFullStop() {
        assertThat(prompts.base(SamplePersonas.withBio("What a life!"), null)).contains("What a life!\n");
    }

    @Test
    void anotherBioIsUsedIfTheFirstOneIsEmpty() {
        assertThat(prompts.base(SamplePersonas.withBio(" "), null)).contains("Person: Loves quinces.\n");
    }

    @Test
    void linesWithoutAValueAreLeftOut() {
        var empty = new Persona("1", "", "", "", "", "", "", "", null, null);

        assertThat(prompts.base(empty, null))
                .doesNotContain("{", "Person:", "Ethnicity", "Age")
                .endsWith("no studio.");
    }

    @Test
    void suffixEndsThePrompts() {
        var withSuffix = new PersonaPrompts(" in the style of a passport photo ");

        assertThat(withSuffix.base(SamplePersonas.ADA, null)).endsWith("female.\nin the style of a passport photo");
        assertThat(withSuffix.withSuffix("a grid")).isEqualTo("a grid\nin the style of a passport photo");
        assertThat(prompts.withSuffix("a grid")).isEqualTo("a grid");
    }

    @Test
    void promptThatIsTooLongIsCutBeforeTheSuffixAndNotWithinACharacter() {
        var withSuffix = new PersonaPrompts("the end");

        var plain = withSuffix.withSuffix("x".repeat(40_000));
        var emoji = withSuffix.withSuffix("x" + "\uD83D\uDC69".repeat(20_000));

        assertThat(plain).hasSize(PersonaPrompts.MAX_LENGTH).endsWith("x\nthe end");
        assertThat(emoji)
                .hasSizeBetween(PersonaPrompts.MAX_LENGTH - 1, PersonaPrompts.MAX_LENGTH)
                .endsWith("\uDC69\nthe end");
        assertThat(prompts.grid(SamplePersonas.withBio("y".repeat(40_000)), 0, null))
                .hasSize(PersonaPrompts.MAX_LENGTH);
    }

    @Test
    void gridPromptAsksForFourEqualCellsWithWhiteGutters() {
        var prompt = prompts.grid(SamplePersonas.ADA, 0, null);

        assertThat(prompt)
                .contains("2 rows and 2 columns", "same size", "white gutters", "No text", "same face")
                .contains("Top left: ", "Top right: ", "Bottom left: ", "Bottom right: ")
                .doesNotContain("{");
    }

    @Test
    @DisplayName("The five grids of 20 images show 20 scenes")
    void promptsOfAJobHaveDifferentScenes() {
        for (Long seed : new Long[] {null, 0L, 7L, -1L}) {
            var scenes = new HashSet<String>();
            IntStream.range(0, 5)
                    .mapToObj(index -> prompts.grid(SamplePersonas.ADA, index, seed))
                    .flatMap(String::lines)
                    .filter(line -> line.matches("(Top|Bottom) (left|right): .+"))
                    .map(line -> line.substring(line.indexOf(':')))
                    .forEach(scenes::add);

            assertThat(scenes).hasSize(20);
        }
    }

    @Test
    void styleIsChosenByItsSeedAndLeftOpenWithoutOne() {
        var usual = prompts.base(SamplePersonas.ADA, null);
        var styled = LongStream.range(0, 50)
                .mapToObj(seed -> prompts.base(SamplePersonas.ADA, seed))
                .toList();

        assertThat(styled)
                .allSatisfy(prompt -> assertThat(prompt.lines().count())
                        .isEqualTo(usual.lines().count() + 1));
        assertThat(new HashSet<>(styled)).hasSizeGreaterThan(3);
        assertThat(prompts.base(SamplePersonas.ADA, 4L)).isEqualTo(styled.get(4));
    }
}
