package io.atelier.gateway.api.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileNameTests {

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("icon", "icon.png"),
                arguments("icon.png", "icon.png"),
                arguments("icon.PNG", "icon.png"),
                arguments("icon.exe", "icon.exe.png"),
                arguments("my icon", "my icon.png"),
                arguments("", "fallback.png"),
                arguments("   ", "fallback.png"),
                arguments("..", "fallback.png"),
                arguments(".png", "fallback.png"),
                arguments("../../etc/passwd", "passwd.png"),
                arguments("..\\..\\windows\\system32", "system32.png"),
                arguments("C:\\a", "a.png"),
                arguments(".hidden", "hidden.png"),
                arguments("-rf", "rf.png"),
                arguments("a\r\nSet-Cookie: x=y", "a__Set-Cookie_ x=y.png"),
                arguments("a\"; filename=\"b", "a__ filename=_b.png"),
                arguments("$(reboot)`x`|y&z'", "(reboot)_x__y_z.png"),
                arguments("a\u202Egnp.exe", "a_gnp.exe.png"),
                arguments("a\u0000b", "a_b.png"),
                arguments("a\uD800b", "a_b.png"),
                arguments("CON", "fallback.png"),
                arguments("nul.txt", "fallback.png"),
                arguments("com1", "fallback.png"),
                arguments("console", "console.png"),
                arguments("Schneem\u00e4nner", "Schneem\u00e4nner.png"),
                arguments("a\u0308", "\u00e4.png"),
                arguments("\u96ea\u3060\u308b\u307e", "\u96ea\u3060\u308b\u307e.png"),
                arguments("x".repeat(500), "x".repeat(116) + ".png"),
                arguments("x".repeat(115) + "\uD83D\uDE00", "x".repeat(115) + ".png"));
    }

    @ParameterizedTest
    @MethodSource
    void names(String requested, String safe) {
        assertThat(FileName.of(requested, "fallback", "image/png").value()).isEqualTo(safe);
    }

    @Test
    void endingIsThatOfTheFormat() {
        for (var name : List.of("icon", "icon.jpg", "icon.JPEG")) {
            assertThat(FileName.of(name, "x", "image/jpeg").value()).isEqualTo("icon.jpg");
        }
        assertThat(FileName.of("icon.png", "x", "image/jpeg").value()).isEqualTo("icon.png.jpg");
        assertThat(FileName.of("icon.jpg", "x", "image/png").value()).isEqualTo("icon.jpg.png");
    }

    @Test
    void asciiNameIsGivenOnce() {
        assertThat(FileName.of("a b", "x", "image/png").disposition("inline"))
                .isEqualTo("inline; filename=\"a b.png\"");
    }

    @Test
    void otherNameIsAlsoGivenEncoded() {
        assertThat(FileName.of("50\u20ac \uD83D\uDE00", "x", "image/png").disposition("attachment"))
                .isEqualTo("attachment; filename=\"50_ _.png\"; filename*=UTF-8''50%E2%82%AC%20%F0%9F%98%80.png");
    }

    @Test
    void anyNameMakesASafeHeader() {
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            var requested = random.ints(random.nextInt(40), 0, random.nextBoolean() ? 0x80 : 0x10FFFF + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            var name = FileName.of(requested, "fallback", "image/png");
            assertThat(name.value())
                    .hasSizeBetween(5, 120)
                    .endsWith(".png")
                    .doesNotContain("/", "\\", "\"", "\r", "\n");
            assertThat(name.disposition("inline"))
                    .matches("inline; filename=\"[ -~&&[^\"\\\\]]+\"(; filename\\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+)?");
        }
    }
}
