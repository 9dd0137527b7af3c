package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Compares with the mapper that Jackson has by default, which wrote the records of earlier versions. */
class RecordInstantModuleTests {

    private final JsonMapper records = EventCodec.json();
    private final JsonMapper usual = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-01T04:18:09Z",
                "2026-12-01T04:18:09.120Z",
                "2026-12-01T04:18:09.123456Z",
                "2026-12-01T04:18:09.123456789Z",
                "1969-12-31T23:59:59.999Z",
                "+10000-01-01T00:00:00Z"
            })
    void writesWhatJacksonWrites(String time) {
        var instant = Instant.parse(time);

        assertThat(records.writeValueAsString(instant)).isEqualTo(usual.writeValueAsString(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-12-01T04:18:09Z\"",
                "\"2026-12-01T04:18:09.1Z\"",
                "\"2026-12-01T04:18:09.1+02:00\"",
                "\"2026-12-01t04:18:09z\"",
                "\"2026-12-01T24:00:00Z\"",
                "\"2016-12-31T23:59:60Z\"",
                "\" 2026-12-01T04:18:09Z\"",
                "\"+10000-01-01T00:00:00Z\"",
                "\"12345.5\"",
                "12345",
                "1764562689.250",
                "\"\"",
                "null"
            })
    void readsWhatJacksonReads(String json) {
        assertThat(records.readValue(json, Instant.class)).isEqualTo(usual.readValue(json, Instant.class));
    }

    @Test
    void refusesWhatJacksonRefuses() {
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> records.readValue("\"2026-02-30T04:18:09Z\"", Instant.class))
                .withMessageContaining("2026-02-30");
    }
}
