package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.storage.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The described forms of avatars are what the readers allow. */
class AvatarFormTests {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    private final AvatarRequestReader avatars = new AvatarRequestReader(
            new Catalogue("a", List.of(AvatarRequestReaderTests.model("a", null))),
            "a",
            new Random(1),
            null,
            new WebhookPolicy(true, false));
    private final AvatarStepReader steps = new AvatarStepReader(avatars, new KeyTemplate(KeyTemplate.DEFAULT));
    private final Map<Class<?>, BiFunction<byte[], Instant, ParsedRequest>> readers = Map.of(
            AvatarForm.class,
            (body, now) -> avatars.read(body, null, now),
            AvatarBatchForm.class,
            (body, now) -> avatars.readBatch(body, null, now, 3).requests().get(0),
            AvatarPromptForm.class,
            (body, now) -> steps.prompt(body, null, now),
            AvatarBaseForm.class,
            (body, now) -> steps.base(body, null, now),
            AvatarGridForm.class,
            (body, now) -> steps.grid(body, null, now),
            AvatarPublishForm.class,
            (body, now) -> steps.publish(body, null, now));

    @ParameterizedTest
    @CsvSource({
        "AvatarForm, AvatarForm, '%s', ''",
        "AvatarForm, PersonaForm, '{\"persona\": %s}', /persona",
        "AvatarForm, AvatarForm$Style, '{\"style\": %s}', /style",
        "AvatarForm, AvatarForm$BaseImage, '{\"base\": %s}', /base",
        "AvatarForm, AvatarForm$FaceImage, '{\"face\": %s}', /face",
        "AvatarForm, GridForm$Trim, '{\"trim\": %s}', /trim",
        "AvatarForm, WebhookForm, '{\"webhook\": %s}', /webhook",
        "AvatarBatchForm, AvatarBatchForm, '%s', ''",
        "AvatarBatchForm, PersonaForm, '{\"personas\": [%s]}', /personas/0",
        "AvatarBatchForm, AvatarForm$Style, '{\"style\": %s}', /style",
        "AvatarPromptForm, AvatarPromptForm, '%s', ''",
        "AvatarPromptForm, PersonaForm, '{\"persona\": %s}', /persona",
        "AvatarBaseForm, AvatarBaseForm, '%s', ''",
        "AvatarBaseForm, AvatarForm$FaceImage, '{\"face\": %s}', /face",
        "AvatarGridForm, AvatarGridForm, '%s', ''",
        "AvatarGridForm, AvatarForm$BaseImage, '{\"base\": %s}', /base",
        "AvatarPublishForm, AvatarPublishForm, '%s', ''",
        "AvatarPublishForm, AvatarForm$BaseImage, '{\"images\": [%s]}', /images/0",
    })
    void everyDescribedFieldIsRead(String root, String form, String body, String pointer)
            throws ClassNotFoundException {
        for (var name : JsonFields.names(type(form))) {
            // A value that no field accepts.
            var wrong = body.formatted("{\"" + name + "\": [[]]}");

            assertThat(problem(type(root), wrong).errors()).as(name).anySatisfy(error -> {
                assertThat(error.pointer()).startsWith(pointer + "/" + name);
                assertThat(error.detail()).doesNotContain("There is no field");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AvatarForm",
        "AvatarBatchForm",
        "AvatarPromptForm",
        "AvatarBaseForm",
        "AvatarGridForm",
        "AvatarPublishForm"
    })
    void otherFieldsAreRefused(String root) throws ClassNotFoundException {
        assertThat(problem(type(root), "{\"nothing\": 1}").errors())
                .anySatisfy(error -> assertThat(error.pointer()).isEqualTo("/nothing"));
    }

    private Problem problem(Class<? extends Record> root, String body) {
        var reader = Objects.requireNonNull(readers.get(root));
        return Objects.requireNonNull(
                catchThrowableOfType(Problem.class, () -> reader.apply(body.getBytes(StandardCharsets.UTF_8), NOW)));
    }

    private static Class<? extends Record> type(String name) throws ClassNotFoundException {
        return Class.forName(AvatarForm.class.getPackageName() + "." + name).asSubclass(Record.class);
    }
}
