package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFingerprintTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt': 'x', 'n': null}",
                "{'n': 1, 'prompt': 'x'}",
                "{'prompt': 'x', 'n': 1.0, 'model': 'auto', 'size': 'auto', 'enhance': false, 'on_disconnect': 'continue'}",
                "{'prompt': 'x', 'grid': {}, 'output': {}, 'labels': {}, 'deadline': {}, 'delivery': {}, 'routing': {}}",
                "{'prompt': 'x', 'grid': {'layout': 'none', 'trim': {'mode': 'auto', 'colour': 'auto'}, 'keep_original': true}}",
                "{'prompt': 'x', 'output': {'format': 'png', 'metadata': 'minimal', 'compression': 90}, 'labels': {'a': null}}",
                "{'prompt': 'x', 'routing': {'fallbacks': null}, 'deadline': {'start_by': null}}"
            })
    void bodiesThatMeanTheSameHaveOne(String body) {
        assertThat(fingerprint(body)).isEqualTo(fingerprint("{'prompt': 'x'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt': 'y'}",
                "{'prompt': 'x', 'n': 2}",
                "{'prompt': 'x', 'seed': 0}",
                "{'prompt': 'x', 'enhance': 'auto'}",
                "{'prompt': 'x', 'grid': {'layout': '2x2', 'trim': {'mode': 'strict'}}}",
                "{'prompt': 'x', 'routing': {'fallbacks': []}}",
                "{'prompt': 'x', 'labels': {'n': '1'}}",
                "{'prompt': 'x', 'labels': {'n': '1', 'model': 'auto'}}",
                "{'prompt': 'x', 'labels': {'model': 'auto'}}"
            })
    void bodiesThatMeanSomethingElseHaveOthers(String body) {
        assertThat(fingerprint(body)).isNotEqualTo(fingerprint("{'prompt': 'x'}"));
    }

    @Test
    void allEventsOfAWebhookAreTheSameAsNone() {
        assertThat(fingerprint("{'webhook': {'url': 'u', 'events': ['succeeded', 'failed', 'canceled', 'expired']}}"))
                .isEqualTo(fingerprint("{'webhook': {'url': 'u'}}"))
                .isNotEqualTo(fingerprint("{'webhook': {'url': 'u', 'events': ['failed']}}"))
                .isNotEqualTo(fingerprint("{'webhook': {'url': 'v'}}"));
    }

    @Test
    void partsOfListsKeepTheirPlaces() {
        assertThat(fingerprint("{'images': [{'generation': {'id': 'a', 'index': 0}}, {'image_url': 'b'}]}"))
                .isEqualTo(
                        fingerprint("{'images': [{'generation': {'id': 'a'}, 'image_url': null}, {'image_url': 'b'}]}"))
                .isNotEqualTo(fingerprint("{'images': [{'image_url': 'b'}, {'generation': {'id': 'a'}}]}"));
        assertThat(fingerprint("{'grid': {'trim': {'inset_px': 0, 'tolerance': 12}}}"))
                .isEqualTo(fingerprint("{'grid': {'trim': {}}}"));
    }

    @Test
    void everyDescribedDefaultIsKnown() {
        requireDefaults(GenerationForm.class, FieldDefaults.OF_A_REQUEST);
        requireDefaults(GridForm.class, FieldDefaults.OF_A_REQUEST.of("grid"));
        requireDefaults(
                GridForm.Trim.class, FieldDefaults.OF_A_REQUEST.of("grid").of("trim"));
        requireDefaults(OutputForm.class, FieldDefaults.OF_A_REQUEST.of("output"));
        requireDefaults(
                GenerationForm.GenerationImage.class,
                FieldDefaults.OF_A_REQUEST.of("images").of("generation"));
    }

    private static void requireDefaults(Class<? extends Record> form, FieldDefaults defaults) {
        for (var component : form.getRecordComponents()) {
            var value = described(component);
            if (!value.isEmpty()) {
                var canonical = canonical(component.getType(), value);
                var name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
                assertThat(defaults.isDefault(name, canonical)).as(name).isTrue();
            }
        }
    }

    private static String canonical(Class<?> type, String value) {
        if (Number.class.isAssignableFrom(type)) {
            return RequestFingerprint.plain(new BigDecimal(value));
        }
        return type.equals(String.class) ? '"' + value + '"' : value;
    }

    private static String described(RecordComponent component) {
        return Arrays.stream(component.getAccessor().getAnnotationsByType(Schema.class))
                .map(Schema::defaultValue)
                .findFirst()
                .orElse("");
    }

    private static String fingerprint(String body) {
        var json = StrictJson.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return RequestFingerprint.of(Objects.requireNonNull(json), "");
    }
}
