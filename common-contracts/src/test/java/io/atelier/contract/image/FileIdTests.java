package io.atelier.contract.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.digest.Sha256;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileIdTests {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "an image", "another image"})
    void encodesTheWholeDigest(String content) {
        var sha256 = Sha256.of(content).hex();

        var id = FileId.ofSha256(sha256);

        assertThat(id.value()).hasSize(57).matches(FileId.REGEX);
        assertThat(id.sha256()).isEqualTo(sha256);
        assertThat(FileId.parse(id.value().toUpperCase(Locale.ROOT))).contains(id);
    }

    @Test
    void keepsLeadingZeros() {
        var lowest = "0".repeat(64);
        var highest = "f".repeat(64);

        assertThat(FileId.ofSha256(lowest).value()).isEqualTo("file_" + "0".repeat(52));
        assertThat(FileId.ofSha256(lowest).sha256()).isEqualTo(lowest);
        assertThat(FileId.ofSha256(highest).value()).isEqualTo("file_1" + "z".repeat(51));
        assertThat(FileId.ofSha256(highest).sha256()).isEqualTo(highest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file_", "file_../../etc", "gen_06dahq1v1tw0f8v0sjy2m7sqs0"})
    void refusesOtherTexts(String text) {
        assertThat(FileId.parse(text)).isEmpty();
        assertThatThrownBy(() -> new FileId(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileId.ofSha256(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
