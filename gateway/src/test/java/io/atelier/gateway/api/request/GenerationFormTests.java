package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelOptions;
import io.atelier.gateway.view.models.ModelSizes;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields and limits in the OpenAPI document are those that the readers check. */
class GenerationFormTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    /** A model without limits of its own. */
    private static final Model MODEL = new Model(
            "unlimited",
            true,
            "unlimited",
            "default",
            NOW,
            "atelier",
            "A model.",
            "Apache-2.0",
            List.of(),
            ModelSizes.between(64, 4096, 8, new ImageSize(512, 512)),
            null,
            RequestLimits.MAX_N,
            RequestLimits.MAX_SOURCES,
            true,
            true,
            new ModelOptions(List.of("auto"), List.of("auto"), List.of("auto"), List.of("low"), List.of("euler")),
            new Model.Steps(1, RequestLimits.MAX_STEPS, 25),
            new Model.Guidance(0, RequestLimits.MAX_GUIDANCE_SCALE, 5.0),
            true,
            null,
            List.of());

    private final GenerationRequestReader reader = new GenerationRequestReader(
            new Catalogue("unlimited", List.of(MODEL)),
            new Random(1),
            Duration.ofDays(1),
            new WebhookPolicy(true, false));

    @ParameterizedTest
    @CsvSource({
        "io.atelier.gateway.api.request.GenerationForm, '%s', ''",
        "io.atelier.gateway.api.request.GridForm, '{\"grid\": %s}', /grid",
        "io.atelier.gateway.api.request.GridForm$Trim, '{\"grid\": {\"trim\": %s}}', /grid/trim",
        "io.atelier.gateway.api.request.OutputForm, '{\"output\": %s}', /output",
        "io.atelier.gateway.api.request.GenerationForm$Deadline, '{\"deadline\": %s}', /deadline",
        "io.atelier.gateway.api.request.GenerationForm$Delivery, '{\"delivery\": %s}', /delivery",
        "io.atelier.gateway.api.request.GenerationForm$Routing, '{\"routing\": %s}', /routing",
        "io.atelier.gateway.api.request.GenerationForm$GenerationImage, '{\"images\": [{\"generation\": %s}]}',"
                + " /images/0/generation",
        "io.atelier.gateway.api.request.WebhookForm, '{\"webhook\": %s}', /webhook",
    })
    void everyDescribedFieldIsRead(Class<? extends Record> form, String body, String pointer) {
        for (var name : JsonFields.names(form)) {
            // A value that no field accepts.
            var problem = problem(body.formatted("{\"" + name + "\": [[]]}"));

            assertThat(problem.errors())
                    .as(name)
                    .anySatisfy(error -> assertThat(error.pointer()).startsWith(pointer + "/" + name));
        }
    }

    @Test
    void everyDescribedSourceIsRead() {
        assertThat(JsonFields.names(GenerationForm.Image.class))
                .containsExactlyInAnyOrder("generation", "image_url", "file_id", "data_url");
        for (var name : JsonFields.names(GenerationForm.Image.class)) {
            assertThat(problem("{\"images\": [{\"" + name + "\": 7}]}").errors())
                    .anySatisfy(error -> assertThat(error.pointer()).isEqualTo("/images/0/" + name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "n, n, 1",
        "steps, steps, 1",
        "guidanceScale, guidance_scale, 0.5",
        "seed, seed, 1",
    })
    void describedRangeOfANumberIsAcceptedAndNoMore(String component, String name, BigDecimal step) {
        var schema = schema(component);
        var below = new BigDecimal(schema.minimum()).subtract(step).toPlainString();
        var above = new BigDecimal(schema.maximum()).add(step).toPlainString();

        assertThat(isAccepted(name, schema.minimum())).isTrue();
        assertThat(isAccepted(name, schema.maximum())).isTrue();
        assertThat(isAccepted(name, below)).isFalse();
        assertThat(isAccepted(name, above)).isFalse();
    }

    @Test
    void describedLengthOfATextIsAcceptedAndNoMore() {
        for (var component : List.of("negativePrompt", "clientRef")) {
            var name = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            int max = schema(component).maxLength();

            assertThat(isAccepted(name, '"' + "x".repeat(max) + '"')).isTrue();
            assertThat(isAccepted(name, '"' + "x".repeat(max + 1) + '"')).isFalse();
        }
    }

    @Test
    void describedMetadataAreThoseOfTheContract() throws NoSuchFieldException {
        var schema = OutputForm.class.getDeclaredField("metadata").getAnnotation(Schema.class);

        assertThat(Objects.requireNonNull(schema).allowableValues())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Metadata.values()).map(Metadata::word).toList());
    }

    private boolean isAccepted(String field, String value) {
        return problemOrNull("{\"prompt\": \"x\", \"" + field + "\": " + value + "}") == null;
    }

    private Problem problem(String body) {
        return Objects.requireNonNull(problemOrNull(body));
    }

    private @Nullable Problem problemOrNull(String body) {
        return catchThrowableOfType(Problem.class, () -> reader.read(body.getBytes(StandardCharsets.UTF_8), null, NOW));
    }

    private static Schema schema(String component) {
        try {
            return Objects.requireNonNull(
                    GenerationForm.class.getDeclaredField(component).getAnnotation(Schema.class));
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }
}
