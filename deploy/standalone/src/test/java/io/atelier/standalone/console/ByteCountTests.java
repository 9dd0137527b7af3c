package io.atelier.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTests {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "9949, 9.9 kB",
        "9960, 10 kB",
        "340123, 340 kB",
        "999600, 1.0 MB",
        "6938041000, 6.9 GB",
        "9223372036854775807, 9.2 EB"
    })
    void hasTwoToThreeDigits(long bytes, String text) {
        assertThat(ByteCount.text(bytes)).isEqualTo(text);
    }
}
