package io.atelier.avatarsample.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTests {

    @Test
    void everyKindOfValueIsRead() {
        var read = JsonText.object("""
            {"a": [1, -2.5, true, false, null, []], "b": {"c": {}}, "d": "\\"\\\\\\n\\u00e9\\ud83e\\udd50 \u00e9"}\
            """);

        assertThat(read.keySet()).containsExactly("a", "b", "d");
        assertThat(read.get("a")).isEqualTo(Arrays.asList(1L, -2.5, true, false, null, List.of()));
        assertThat(read.get("b")).isEqualTo(Map.of("c", Map.of()));
        assertThat(read.get("d")).isEqualTo("\"\\\n\u00e9\ud83e\udd50 \u00e9");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var value =
                Map.<String, Object>of("text", "a \"quoted\" line\r\n\t\u0001 \ud83e\udd50", "list", List.of(1L, "x"));

        assertThat(JsonText.object(JsonText.write(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":\"x}",
                "{\"a\":1} x",
                "{\"a\":\"\\u00\"}",
                "{a:1}"
            })
    void whatIsNotAnObjectIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.object(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not");
    }
}
