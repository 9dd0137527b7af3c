package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTests {

    @ParameterizedTest
    @ValueSource(strings = {"a.png", "jobs/2026/11/x/generate-1/0.png", ".a/b.7z", "a..b/c.webp"})
    void acceptsPaths(String value) {
        assertThat(new ObjectKey(value)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/a.png",
                "a//b.png",
                "./a.png",
                "a/../b.png",
                "a/./b.png",
                "../a.png",
                "a.png/",
                "a.PNG",
                "a.jpegs",
                "a b.png",
                "a%2Fb.png",
                "a\\b.png",
                "ä.png",
                "a?.png",
                "a.png\n"
            })
    void rejectsAllOtherTexts(String value) {
        assertThatThrownBy(() -> new ObjectKey(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not an object key: '" + value + "'");
    }

    @Test
    void rejectsKeysThatAreTooLong() {
        assertThat(new ObjectKey("a/".repeat(253) + "bb.png").value()).hasSize(512);
        assertThatThrownBy(() -> new ObjectKey("a/".repeat(253) + "bbb.png"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsSegmentsThatAreTooLongForFileNames() {
        assertThat(new ObjectKey("a/" + "b".repeat(196) + ".png").value()).hasSize(202);
        assertThatThrownBy(() -> new ObjectKey("a/" + "b".repeat(197) + ".png"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ObjectKey("b".repeat(201) + "/a.png"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
