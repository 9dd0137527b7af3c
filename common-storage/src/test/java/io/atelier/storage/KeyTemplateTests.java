package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTests {

    private final KeyTemplate keys = new KeyTemplate(KeyTemplate.DEFAULT);

    @Test
    void fillsInPersonaAndIndex() {
        assertThat(keys.key("42", 0).value()).isEqualTo("avatars/42/img_0.png");
        assertThat(new KeyTemplate("a/b/{index}/p-{persona}.png").key("x.y", 19).value())
                .isEqualTo("a/b/19/p-x.y.png");
    }

    @ParameterizedTest
    @CsvSource({
        "avatars/42/img,      avatars/42/img_7.png",
        "avatars/img,         avatars/img_7.png",
        "avatars/,            ",
        "avatars,             ",
        "jobs/2026/img,       ",
        "avatars/../jobs/img, ",
        "avatars/a b,         ",
    })
    void keysOfAnotherBeginningStayInTheFolder(String beginning, String key) {
        assertThat(keys.keyBelow(beginning, 7).map(ObjectKey::value).orElse(null))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "avatars/{persona}/img_{index}.png, avatars/",
        "a/b-{persona}/{index}.png, a/",
        "a/b/{index}-{persona}.png, a/b/"
    })
    void theFolderIsWhatAllKeysBeginWith(String template, String folder) {
        assertThat(new KeyTemplate(template).folder()).isEqualTo(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "avatars/img_{index}.png",
                "avatars/{persona}.png",
                "{persona}/{index}.png",
                "/{persona}/{index}.png",
                "img_{persona}_{index}.png",
                "jobs/{persona}/{index}.png",
                "files/{persona}/{index}.png",
                "avatars/{persona}/{index}",
                "avatars/{persona}/{name}_{index}.png",
                "avatars//{persona}/{index}.png",
                "avatars/{persona}{index}.png",
                "avatars/{index}{persona}.png",
                "avatars/{persona}10{index}.png"
            })
    void rejectsOtherTemplates(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyTemplate(template))
                .withMessageContaining("The template of keys is '" + template + "'; it must be a key such as avatars/");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AvatarStorageProperties("avatars", template, true))
                .withMessageContaining("io.atelier.avatars.key-template is '" + template + "'; it must be")
                .withMessageContaining(
                        "Allowed are A-Z a-z 0-9 . _ - and slashes; no part between slashes is empty, '.' or '..'");
    }
}
