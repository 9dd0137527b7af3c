package io.atelier.gateway.view.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.view.ViewConfiguration;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.MessagingProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The catalogue that ships, and mistakes of operators in its settings. */
class CatalogueTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withPropertyValues("spring.config.name=gateway")
            .withBean(Clock.class, Clock::systemUTC)
            .withBean(Backlog.class)
            .withBean(WorkerRegistry.class, () -> new WorkerRegistry(Clock.systemUTC()))
            .withUserConfiguration(ViewConfiguration.class);

    @Test
    void testCardIsOnlyAvailableWhenEnabled() {
        runner.run(context -> assertThat(context.getBean(Catalogue.class).all())
                .extracting(Model::id)
                .startsWith("pocket", "flux")
                .doesNotContain("test-card"));
        runner.withPropertyValues("ATELIER_TEST_CARD=true")
                .run(context -> assertThat(context.getBean(Catalogue.class).all())
                        .extracting(Model::id)
                        .startsWith("pocket", "test-card"));
    }

    @DisplayName("The model names of the replaced systems are in the catalogue, each with its engine")
    @ParameterizedTest
    @CsvSource({
        "black-forest-labs/FLUX.1-schnell, huggingface",
        "black-forest-labs/FLUX.1-dev, huggingface",
        "stabilityai/stable-diffusion-xl-base-1.0, huggingface",
        "stabilityai/stable-diffusion-3.5-medium, huggingface",
        "stabilityai/stable-diffusion-3-medium-diffusers, huggingface",
        "flux, cloudflare-flux",
        "sdxl, cloudflare-sdxl",
        "gpt-image-2, openai"
    })
    void modelsOfTheReplacedSystemsAreKnown(String id, String engine) {
        runner.run(context -> assertThat(context.getBean(Catalogue.class).find(id))
                .hasValueSatisfying(model -> {
                    assertThat(model.engine()).isEqualTo(engine);
                    assertThat(model.pool()).isEqualTo("remote");
                    assertThat(model.sizes().allow(model.sizes().standard())).isTrue();
                }));
    }

    @Test
    void operatorsOwnModelIsListedLastOrReplacesOneThatShips() {
        runner.withPropertyValues(own(0, "lantern", "my-box"))
                .withPropertyValues(own(1, "flux", "my-box"))
                .run(context -> {
                    var all = context.getBean(Catalogue.class).all();
                    assertThat(all)
                            .extracting(Model::id)
                            .endsWith("lantern", "flux")
                            .doesNotHaveDuplicates();
                    assertThat(all.get(all.size() - 1).engine()).isEqualTo("my-box");
                });
    }

    private static String[] own(int index, String id, String engine) {
        return Stream.of(
                        "id=" + id,
                        "engine=" + engine,
                        "created=2026-11-21T00:00:00Z",
                        "owned-by=me",
                        "description=Mine.",
                        "license=mine",
                        "sizes.min=64",
                        "sizes.max=1024",
                        "sizes.multiple-of=8",
                        "sizes.standard.width=512",
                        "sizes.standard.height=512")
                .map(setting -> "io.atelier.catalogue.own[%d].%s".formatted(index, setting))
                .toArray(String[]::new);
    }

    @DisplayName("E-15: names of models that OpenAI has shut down are aliases of a model that can be asked")
    @ParameterizedTest
    @CsvSource({"dall-e-2, 2026-05-12", "dall-e-3, 2026-05-12", "gpt-image-1, 2026-10-23"})
    void modelsThatWereShutDownAreAliases(String id, LocalDate shutdown) {
        at("2026-11-29T00:00:00Z").run(context -> {
            var catalogue = context.getBean(Catalogue.class);
            assertThat(catalogue.ids()).doesNotContain(id).contains("gpt-image-1.5", "gpt-image-1-mini");
            assertThat(catalogue.find(id)).map(Model::id).contains("gpt-image-2.6-flare");
            assertThat(catalogue.alias(id)).map(ModelRetirement::shutdown).contains(shutdown);
            assertThat(catalogue.aliases()).extracting(ModelRetirement::model).contains(id);
        });
    }

    @Test
    void modelIsAnAliasFromTheDayOfItsShutdownOn() {
        at("2026-11-30T23:59:59Z").run(context -> {
            var catalogue = context.getBean(Catalogue.class);
            assertThat(catalogue.find("gpt-image-1.5")).map(Model::id).contains("gpt-image-1.5");
            assertThat(catalogue.alias("gpt-image-1.5")).isEmpty();
            assertThat(catalogue.retirement("gpt-image-1.5")).isPresent();
            assertThat(catalogue.find("chatgpt-image-latest")).isEmpty();
        });
        at("2026-12-01T00:00:00Z").run(context -> {
            var catalogue = context.getBean(Catalogue.class);
            assertThat(catalogue.find("gpt-image-1.5")).map(Model::id).contains("gpt-image-2.6-flare");
            assertThat(catalogue.ids()).doesNotContain("gpt-image-1.5", "gpt-image-1-mini");
            assertThat(catalogue.find("chatgpt-image-latest")).map(Model::id).contains("gpt-image-2.6-flare");
        });
    }

    @Test
    void operatorsOwnModelIsNotReplaced() {
        at("2027-01-01T00:00:00Z")
                .withPropertyValues(own(0, "dall-e-3", "my-box"))
                .run(context -> assertThat(context.getBean(Catalogue.class).find("dall-e-3"))
                        .map(Model::engine)
                        .contains("my-box"));
    }

    @Test
    void retiredStandardModelIsReplaced() {
        at("2027-01-01T00:00:00Z")
                .withPropertyValues("io.atelier.catalogue.standard=gpt-image-1.5")
                .run(context -> {
                    var catalogue = context.getBean(Catalogue.class);
                    var model = catalogue.find(Catalogue.AUTO).orElseThrow();
                    assertThat(model.id()).isEqualTo("gpt-image-2.6-flare");
                    assertThat(catalogue.isStandard(model)).isTrue();
                });
    }

    @DisplayName("A model is replaced only by one that stays, so that an alias never leads to another alias")
    @ParameterizedTest
    @CsvSource({"gpt-image-1.5", "nothing", "dall-e-3"})
    void replacementThatDoesNotStayStopsTheStart(String replacement) {
        runner.withPropertyValues(
                        "io.atelier.catalogue.retirements[0].model=dall-e-3",
                        "io.atelier.catalogue.retirements[0].shutdown=2026-05-12",
                        "io.atelier.catalogue.retirements[0].replaced-by=" + replacement,
                        "io.atelier.catalogue.retirements[1].model=gpt-image-1.5",
                        "io.atelier.catalogue.retirements[1].shutdown=2026-12-01",
                        "io.atelier.catalogue.retirements[1].replaced-by=gpt-image-2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("The replacement '%s' of the model 'dall-e-3'".formatted(replacement)));
    }

    @DisplayName("OpenAI's models have the sizes and parameters of its reference")
    @ParameterizedTest
    @CsvSource({
        "gpt-image-1-mini,      1536x1024, high,  low",
        "gpt-image-1.5,         1024x1536, high,  high",
        "gpt-image-2,           3840x2160, high,  ''",
        "gpt-image-2.5-flare,   480x1440,  max,   ''",
        "gpt-image-2.5-sunburst,2160x3840, xhigh, ''",
        "gpt-image-2.6-flare,   1024x640,  xhigh, ''",
        "gpt-image-2.6-sunburst,2880x2880, max,   ''"
    })
    void modelsOfOpenAiHaveTheirSizesAndParameters(String id, String size, String quality, String fidelity) {
        at("2026-11-29T00:00:00Z").run(context -> {
            var model = context.getBean(Catalogue.class).find(id).orElseThrow();
            var sides = size.split("x", -1);
            assertThat(model.id()).isEqualTo(id);
            assertThat(model.sizes().allow(new ImageSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]))))
                    .isTrue();
            assertThat(model.sizes().allow(model.sizes().standard())).isTrue();
            assertThat(model.options().quality()).contains("auto", "low", "medium", "high", quality);
            assertThat(model.options().quality().contains("max")).isEqualTo(id.startsWith("gpt-image-2."));
            assertThat(model.options().background()).containsExactly("auto", "opaque", "transparent");
            assertThat(model.options().moderation()).containsExactly("auto", "low");
            assertThat(model.options().inputFidelity().isEmpty()).isEqualTo(fidelity.isEmpty());
            if (!fidelity.isEmpty()) {
                assertThat(model.options().inputFidelity()).endsWith(fidelity);
            }
        });
    }

    private ApplicationContextRunner at(String now) {
        return new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withPropertyValues("spring.config.name=gateway")
                .withBean(Clock.class, () -> Clock.fixed(Instant.parse(now), ZoneOffset.UTC))
                .withBean(Backlog.class)
                .withBean(WorkerRegistry.class, () -> new WorkerRegistry(Clock.systemUTC()))
                .withUserConfiguration(ViewConfiguration.class);
    }

    @DisplayName(
            "Models of workers follow those of the settings; one cannot take the name of another model, of one that is not enabled, or of one that was shut down")
    @Test
    void modelsOfWorkersFollowThoseOfTheSettings() {
        runner.run(context -> {
            var catalogue = context.getBean(Catalogue.class);
            int described = catalogue.all().size();
            for (var name : List.of("sdxl-base", "pocket", "test-card", "dall-e-3", "auto")) {
                context.getBean(WorkerRegistry.class)
                        .put(SampleWorkers.withModel("w-" + name, "default", name), Instant.now());
            }

            assertThat(catalogue.all())
                    .hasSize(described + 1)
                    .extracting(Model::id)
                    .endsWith("sdxl-base");
            assertThat(catalogue.find("sdxl-base")).hasValueSatisfying(model -> {
                assertThat(model.engine()).isEqualTo("local/sdxl-base");
                assertThat(model.sizes().standard()).isEqualTo(new ImageSize(256, 256));
                assertThat(model.standardSteps()).isEqualTo(30);
            });
            assertThat(catalogue.find("pocket")).get().extracting(Model::engine).isEqualTo("pocket");
            assertThat(catalogue.find("test-card")).isEmpty();
            assertThat(catalogue.whyHidden("test-card"))
                    .contains(
                            "The catalogue has the model 'test-card', which is not enabled, so this folder is not used. Rename it, for example to my-test-card.");
            assertThat(catalogue.find("dall-e-3"))
                    .get()
                    .extracting(Model::engine)
                    .isEqualTo("openai");
        });
    }

    @DisplayName(
            "The folder of a worker whose name is not free is hidden, unless a model of the settings uses its engine")
    @Test
    void folderThatAModelOfTheSettingsUsesIsNotHidden() {
        runner.withPropertyValues(own(0, "lantern", "my-box"))
                .withPropertyValues(own(1, "flux", "local/flux"))
                .run(context -> {
                    var catalogue = context.getBean(Catalogue.class);

                    assertThat(catalogue.whyHidden("lantern"))
                            .hasValueSatisfying(
                                    reason -> assertThat(reason).contains("The catalogue has the model 'lantern'"));
                    assertThat(catalogue.whyHidden("flux")).isEmpty();
                    assertThat(catalogue.whyHidden("my-lantern")).isEmpty();
                });
    }

    @Test
    void missingStandardModelStopsTheStart() {
        runner.withPropertyValues("io.atelier.catalogue.standard=test-card")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith(
                                "The standard model 'test-card' is not an enabled model of the catalogue."
                                        + " Enabled models: pocket, "));
    }

    @Test
    void fallbackThatIsNotAnotherModelStopsTheStart() {
        for (var wrong : new String[] {"pocket", "poket"}) {
            var described = model(wrong);
            assertThatThrownBy(() -> new Catalogue("pocket", List.of(described)))
                    .hasMessage("The fallback '%s' of the model 'pocket' is not another model of the catalogue", wrong);
        }
    }

    @Test
    void modelWhosePoolHasNoTopicStopsTheStart() {
        runner.withBean(
                        MessagingProperties.class,
                        () -> new MessagingProperties(
                                "127.0.0.1:9092",
                                "gateway",
                                List.of("default"),
                                1,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1)))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage(
                                "The model 'flux' belongs to the pool 'remote', which does not exist. Pools: default. "
                                        + "Add it to ATELIER_POOLS."));
    }

    @Test
    void invalidModelSettingsStopTheStart() {
        runner.withPropertyValues(
                        "io.atelier.catalogue.models[0].id=pocket",
                        "io.atelier.catalogue.models[0].engine=",
                        "io.atelier.catalogue.models[0].max-images=99")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("models[0].engine")
                        .hasMessageContaining("models[0].maxImages"));
    }

    private static Model model(String fallback) {
        return new Model(
                "pocket",
                true,
                "pocket",
                "default",
                Instant.EPOCH,
                "atelier",
                "A model.",
                "Apache-2.0",
                List.of(),
                ModelSizes.between(64, 512, 8, new ImageSize(512, 512)),
                null,
                1,
                0,
                false,
                false,
                ModelOptions.NONE,
                new Model.Steps(1, 8, 8),
                new Model.Guidance(0, 5, 5.0),
                false,
                null,
                List.of(fallback));
    }
}
