package io.atelier.gateway.api.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTests {

    private final CsvRows rows = new CsvRows();

    @Test
    void linesAreThoseOfRfc4180() {
        rows.add(List.of("a", "b c", ""));
        rows.add(List.of("x,y", "say \"\u26f5\"", "two\nlines"));

        assertThat(text()).isEqualTo("a,b c,\r\n\"x,y\",\"say \"\"\u26f5\"\"\",\"two\nlines\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+2", "+1", "-1", "@SUM(A1)", " =1", "\uFF1D1", "\uFF20a"})
    void formulaBeginsWithAnApostrophe(String formula) {
        rows.add(List.of(formula));

        assertThat(text()).isEqualTo("'" + formula + "\r\n");
    }

    @Test
    void formulaIsQuotedIfItMustBe() {
        rows.add(List.of("=HYPERLINK(\"http://a.example\",1)", "\t1", "\r=1"));

        assertThat(text()).isEqualTo("\"'=HYPERLINK(\"\"http://a.example\"\",1)\",'\t1,\"'\r=1\"\r\n");
    }

    @Test
    void valueWithAFormulaInsideIsKept() {
        rows.add(List.of("a=1", "avatars/42/img_0.png", "p-1"));

        assertThat(text()).isEqualTo("a=1,avatars/42/img_0.png,p-1\r\n");
    }

    private String text() {
        return new String(rows.bytes(), StandardCharsets.UTF_8);
    }
}
