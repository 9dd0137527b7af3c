package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class PreferHeaderTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=10 | 10",
                "WAIT = 10 | 10",
                "wait=\"10\" | 10",
                "wait=10; foo=bar | 10",
                "respond-async, wait=5 | 5",
                "foo=\"a, wait=7; \\\" wait=8\", wait=9 | 9",
                "wait=1, wait=2 | 1",
                "wait | 60",
                "wait= | 60",
                "wait=\"\" | 60",
                "respond-async, Wait; foo | 60",
                "wait=60 | 60",
                "wait=61 | 60",
                "wait=999999999999 | 60"
            })
    void waitIsParsedAndLimitedTo60Seconds(String header, int seconds) {
        assertThat(of(header).waitTimeout())
                .hasValueSatisfying(timeout -> assertThat(timeout).hasSeconds(seconds));
        assertThat(of(header).appliedWait()).contains("wait=" + seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait=0",
                "wait=-1",
                "wait=1.5",
                "wait=ten",
                "wait=10=20",
                "wait 10",
                "wait=\"10",
                "wait=99999999999999999999999",
                "wait=ten, wait=10",
                "waiting=10",
                ",,;;==",
                "\"wait=10"
            })
    void malformedPreferenceIsIgnored(String header) {
        assertThat(of(header).waitTimeout()).isEmpty();
        assertThat(of(header).appliedWait()).isEmpty();
    }

    @Test
    void respondAsyncIsFoundAmongOtherPreferences() {
        assertThat(of("foo, Respond-Async;bar").respondAsync()).isTrue();
        assertThat(of("respond-async=yes").respondAsync()).isFalse();
        assertThat(of("").respondAsync()).isFalse();
    }

    @Test
    void severalHeaderLinesAreOneList() {
        var headers = new HttpHeaders();
        headers.addAll(PreferHeader.HEADER, List.of("respond-async", "wait=3"));

        var preferences = PreferHeader.of(headers);
        assertThat(preferences.respondAsync()).isTrue();
        assertThat(preferences.appliedWait()).contains("wait=3");
    }

    private static PreferHeader of(String header) {
        var headers = new HttpHeaders();
        headers.add(PreferHeader.HEADER, header);
        return PreferHeader.of(headers);
    }
}
