package io.atelier.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineResultTests {

    @Test
    void jsonValueIsCopied() {
        var list = new ArrayList<Object>(Arrays.asList(1, null, true));
        var value = new HashMap<Object, Object>(Map.of("list", list));

        var result = PipelineResult.json(value);
        list.add("later");
        value.put("later", 1);

        assertThat(result.content()).isEqualTo(new ResultContent.Json(Map.of("list", Arrays.asList(1, null, true))));
        assertThat(result.status()).isEqualTo(200);
    }

    @Test
    void onlyJsonValuesAreTaken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineResult.json(List.of(new Object())))
                .withMessageContaining("String, Number, Boolean, Map, Collection or null, not a Object");
        assertThatIllegalArgumentException().isThrownBy(() -> PipelineResult.json(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> PipelineResult.json(new Own()));
        var deep = new ArrayList<Object>();
        deep.add(deep);
        assertThatIllegalArgumentException().isThrownBy(() -> PipelineResult.json(deep));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineImageRequest.of("a").option("seed", new AtomicInteger[0]));
    }

    /** A number whose class is not in the JDK. */
    private static final class Own extends Number {

        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
            return 0;
        }

        @Override
        public long longValue() {
            return 0;
        }

        @Override
        public float floatValue() {
            return 0;
        }

        @Override
        public double doubleValue() {
            return 0;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length,1",
        "transfer-encoding,chunked",
        "Location,/",
        "X Y,1",
        "'',1",
        "X-Y,größe€",
        "X-Y,'a\nb'"
    })
    void headersOfTheConnectionAndMalformedOnesAreRefused(String name, String value) {
        var result = PipelineResult.text("a");

        assertThatIllegalArgumentException().isThrownBy(() -> result.header(name, value));
    }

    @Test
    void headerOfTheSameNameIsReplaced() {
        var result = PipelineResult.text("a").header("X-Y", "1").header("x-y", "2");

        assertThat(result.headers()).hasSize(1).containsValue("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\\b", "a\"b", "a\nb", "", " "})
    void fileNameHasNoFolders(String name) {
        var result = PipelineResult.text("a");

        assertThatIllegalArgumentException().isThrownBy(() -> result.attachment(name));
        assertThatIllegalArgumentException().isThrownBy(() -> result.inline(name));
    }

    @Test
    void statusMustFitTheKind() {
        assertThat(PipelineResult.text("a").status(503).status()).isEqualTo(503);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineResult.text("a").status(103));
        var redirect = PipelineResult.redirect(URI.create("/docs"));
        assertThat(redirect.status()).isEqualTo(303);
        assertThat(redirect.status(307).status()).isEqualTo(307);
        assertThatIllegalArgumentException().isThrownBy(() -> redirect.status(200));
        assertThatIllegalArgumentException().isThrownBy(() -> new PipelineException(200, "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pdf", "a/b\r\nc: d", "a/b, c/d", ""})
    void mediaTypeIsRequired(String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> PipelineResult.bytes(new byte[1], type));
        assertThatIllegalArgumentException().isThrownBy(() -> ResultType.bytes(type));
    }

    @Test
    void nameOfAnEventIsOneLine() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PipelineEvent("a", "b\nc", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new PipelineEvent("a", null, "b\rc"));
        assertThat(PipelineEvent.of("a\nb").data()).isEqualTo("a\nb");
    }
}
