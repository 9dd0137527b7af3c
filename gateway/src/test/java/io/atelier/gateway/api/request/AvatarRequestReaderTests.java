package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.LocalModels;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelOptions;
import io.atelier.gateway.view.models.ModelRetirement;
import io.atelier.gateway.view.models.ModelSizes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvatarRequestReaderTests {

    private static final Instant BEFORE = Instant.parse("2026-11-30T23:59:59Z");
    private static final Instant AFTER = Instant.parse("2026-12-01T00:00:00Z");
    private static final String PERSONA = """
            {"persona": {"id": %s, "firstname": "Ada", "lastname": "", "gender": "f", "bio_facebook": "secret words",
             "bio_instagram": "", "bio_x": "", "bio_tiktok": ""%s}}""";

    @Test
    @DisplayName(
            "D-02: the setting's model is asked until its maker shuts it down, then the replacement, without a warning")
    void standardModelIsReplacedSilently() {
        var before = read(reader(BEFORE), body(""));
        assertThat(before.request().model()).isEqualTo("old");
        assertThat(before.request().requestedModel()).isEqualTo("auto");
        var after = read(reader(AFTER), body(""));
        assertThat(after.request().model()).isEqualTo("new");
        assertThat(after.request().engineModel()).isEqualTo("new-at-its-server");
        assertThat(after.request().warnings()).isEmpty();
    }

    @Test
    void namedModelIsReplacedWithAWarning() {
        var after = read(reader(AFTER), body(", \"model\": \"old\""));

        assertThat(after.request().model()).isEqualTo("new");
        assertThat(after.request().requestedModel()).isEqualTo("old");
        assertThat(after.request().warnings()).extracting(Job.Warning::code).containsExactly("model-replaced");
    }

    @Test
    void standardModelThatTheCatalogueLacksIsNamed() {
        var reader = new AvatarRequestReader(
                catalogue(BEFORE), "nothing", new Random(1), null, new WebhookPolicy(false, false));

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(reader, body("")))
                .satisfies(
                        problem -> assertThat(problem.detail()).contains("'nothing'", "Name one that can: old, new."));
    }

    @Test
    void retentionOfAvatarsIsTheSetting() {
        assertThat(read(reader(BEFORE), body("")).request().terms().retain()).isEqualTo(Duration.ofDays(3));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"`\"42\"`, 42", "42, 42", "42.0, 42", "4.2e1, 42", "`\"A.b_c-1\"`, A.b_c-1"})
    void idIsATextOrAWholeNumber(String json, String id) {
        assertThat(read(reader(BEFORE), PERSONA.formatted(json, "")).request().avatar())
                .extracting("personaId")
                .isEqualTo(id);
    }

    @Test
    void seedsOfAllGridsAreExact() {
        long largest = RequestLimits.MAX_SEED - 5;

        assertThat(read(reader(BEFORE), body(", \"seed\": " + largest))
                        .request()
                        .seed())
                .isEqualTo(largest);
        for (int i = 0; i < 100; i++) {
            assertThat(read(reader(BEFORE), body("")).request().seed()).isBetween(0L, largest);
        }
    }

    @Test
    @DisplayName("Bodies that mean the same have the same digest, and others have not; also if only a bio differs")
    void digestIsThatOfTheWholeBody() {
        var reader = reader(BEFORE);
        var digest = read(reader, body("")).digest();

        assertThat(read(reader, body(", \"images\": 4, \"prompt\": null, \"style\": {\"randomize_style\": false}"))
                        .digest())
                .isEqualTo(digest);
        assertThat(read(reader, body("").replace("secret", "other")).digest()).isNotEqualTo(digest);
        assertThat(read(reader, body(", \"images\": 8")).digest()).isNotEqualTo(digest);
        var zero = ", \"base\": {\"generation\": {\"id\": \"gen_06dahq1v1tw0f8v0sjy2m7sqs0\", \"index\": 0}}";
        assertThat(read(reader, body(zero)).digest())
                .isNotEqualTo(
                        read(reader, body(zero.replace(", \"index\": 0", ""))).digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"auto\"", "null", "{}", "{\"mode\": \"auto\"}", "{\"mode\": null}"})
    void trimThatSaysOnlyAutoMeansTheSameAsNone(String trim) {
        for (var style : new String[] {"", ", \"style\": {\"crop_white_borders\": false}"}) {
            var none = read(reader(BEFORE), body(style));
            var auto = read(reader(BEFORE), body(style + ", \"trim\": " + trim));

            assertThat(auto.digest()).isEqualTo(none.digest());
            assertThat(auto.request().grid()).isEqualTo(none.request().grid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"tolerance\": 12}", "{\"colour\": \"auto\"}", "{\"inset_px\": 0}"})
    @DisplayName("The defaults within a trim are not those without one, so they are another request")
    void trimThatSaysMoreIsAnotherRequest(String trim) {
        var none = read(reader(BEFORE), body(""));
        var some = read(reader(BEFORE), body(", \"trim\": " + trim));

        assertThat(some.request().grid()).isNotEqualTo(none.request().grid());
        assertThat(some.digest()).isNotEqualTo(none.digest());
    }

    @Test
    void textsAreNotInWhatAProgramPrints() {
        var parsed = read(reader(BEFORE), body(", \"prompt\": \"secret words\""));

        assertThat(parsed.texts().persona()).isNotNull();
        assertThat(parsed.toString()).contains("42").doesNotContain("secret");
    }

    @Test
    void errorsDoNotRepeatTexts() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(reader(BEFORE), body(", \"prompt\": \"secret\\u0000\", \"age\": \"secret\"")))
                .satisfies(problem ->
                        assertThat(problem.detail() + problem.errors()).doesNotContain("secret"));
    }

    private static ParsedRequest read(AvatarRequestReader reader, String body) {
        return reader.read(body.getBytes(StandardCharsets.UTF_8), null, BEFORE);
    }

    private static String body(String fields) {
        return PERSONA.formatted("\"42\"", "").replaceFirst("\\}\\}$", "}" + fields.replace("\\", "\\\\") + "}");
    }

    private static AvatarRequestReader reader(Instant now) {
        return new AvatarRequestReader(
                catalogue(now), "old", new Random(1), Duration.ofDays(3), new WebhookPolicy(false, false));
    }

    private static Catalogue catalogue(Instant now) {
        return new Catalogue(
                "old",
                List.of(model("old", null), model("new", "new-at-its-server")),
                List.of(new ModelRetirement("old", LocalDate.parse("2026-12-01"), "new")),
                LocalModels.NONE,
                Clock.fixed(now, ZoneOffset.UTC));
    }

    static Model model(String id, @Nullable String engineModel) {
        return new Model(
                id,
                true,
                "openai",
                "remote",
                BEFORE,
                "atelier",
                "A model.",
                "Apache-2.0",
                List.of(),
                ModelSizes.between(64, 4096, 8, new ImageSize(1024, 1024)),
                null,
                1,
                16,
                true,
                false,
                ModelOptions.NONE,
                null,
                null,
                false,
                engineModel,
                List.of());
    }
}
