package io.atelier.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelOptions;
import io.atelier.gateway.view.models.ModelSizes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingFieldsTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final GenerationRequestReader READER = new GenerationRequestReader(
            new Catalogue(
                    "large",
                    List.of(
                            model("large", 1024, 50, true, null),
                            model("small", 512, 8, false, "vendor/small"),
                            model("default", 1024, 50, true, null, "small", "off", "large"),
                            disabledModel())),
            new Random(1),
            null,
            new WebhookPolicy(false, false));

    @Test
    void fallbackUsesItsOwnDefaultsForFieldsThatAreNotSet() {
        var request = read("{'prompt': 'x', 'routing': {'fallbacks': ['small']}}");

        assertThat(request.size()).isEqualTo(new ImageSize(1024, 1024));
        assertThat(request.steps()).isEqualTo(50);
        assertThat(request.fallbacks())
                .containsExactly(new Fallback(
                        "small", "vendor/small", "small", "pool-of-small", 8, 5.0, new ImageSize(512, 512)));
    }

    @Test
    void fallbackUsesTheFieldsThatAreSet() {
        var request = read("{'prompt': 'x', 'size': '256x256', 'steps': 3, 'guidance_scale': 1.5,"
                + " 'routing': {'fallbacks': ['small']}}");

        assertThat(request.fallbacks()).singleElement().satisfies(fallback -> {
            assertThat(fallback.size()).isEqualTo(new ImageSize(256, 256));
            assertThat(fallback.steps()).isEqualTo(3);
            assertThat(fallback.guidanceScale()).isEqualTo(1.5);
        });
    }

    @Test
    void requestWithoutFallbacksGetsThoseOfTheCatalogue() {
        assertThat(models(read("{'prompt': 'x', 'model': 'default'}"))).containsExactly("small", "large");
        assertThat(models(read("{'prompt': 'x', 'model': 'default', 'routing': {}}")))
                .containsExactly("small", "large");
    }

    @Test
    void catalogueFallbackThatDoesNotSupportTheRequestIsLeftOut() {
        assertThat(models(read("{'prompt': 'x', 'model': 'default', 'size': '1024x512'}")))
                .containsExactly("large");
    }

    @Test
    void emptyListDisablesTheCataloguesFallbacks() {
        var request = read("{'prompt': 'x', 'model': 'default', 'routing': {'fallbacks': []}}");

        assertThat(request.routing()).isNull();
    }

    @DisplayName("A request for a device has no fallbacks that it does not name, because they may run elsewhere")
    @Test
    void requiredDeviceIsPartOfTheRouting() {
        var request = read("{'prompt': 'x', 'model': 'default', 'routing': {'require': {'device': 'GPU.1'}}}");
        var withFallback = read("{'prompt': 'x', 'routing': {'fallbacks': ['small'], 'require': {'device': 'cpu'}}}");

        assertThat(request.device()).isEqualTo(new DeviceName("gpu.1"));
        assertThat(request.fallbacks()).isEmpty();
        assertThat(withFallback.withNextFallback().device()).isEqualTo(new DeviceName("cpu"));
        assertThat(read("{'prompt': 'x', 'routing': {'require': {}}}").routing())
                .isNull();
    }

    @Test
    void engineModelIsPartOfTheRouting() {
        assertThat(read("{'prompt': 'x', 'model': 'small'}").engineModel()).isEqualTo("vendor/small");
        assertThat(read("{'prompt': 'x', 'model': 'large'}").engineModel()).isEqualTo("large");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        'routing': 7                                             | /routing             | Must be an object
        'routing': {'pools': []}                                 | /routing/pools       | does not support
        'routing': {'fallback': []}                              | /routing/fallback    | Known fields: fallbacks, require.
        'routing': {'require': 'gpu'}                            | /routing/require     | Must be an object
        'routing': {'require': {'vram_gb': 8}}                   | /routing/require/vram_gb | does not support
        'routing': {'require': {'device': 'NPU'}}                | /routing/require/device  | Must be cpu, gpu
        'routing': {'require': {'device': 1}}                    | /routing/require/device  | Must be a string
        'routing': {'fallbacks': 'small'}                        | /routing/fallbacks   | a list of at most 4
        'routing': {'fallbacks': ['a','b','c','d','e']}          | /routing/fallbacks   | a list of at most 4
        'routing': {'fallbacks': [1]}                            | /routing/fallbacks/0 | not a whole number
        'routing': {'fallbacks': ['tiny']}                       | /routing/fallbacks/0 | There is no model 'tiny'. Known models: large, small, default
        'routing': {'fallbacks': ['small', 'large']}             | /routing/fallbacks/1 | The model 'large' comes earlier already.
        'routing': {'fallbacks': ['small', 'small']}             | /routing/fallbacks/1 | The model 'small' comes earlier already.
        'size': '1024x1024', 'routing': {'fallbacks': ['small']} | /routing/fallbacks/0 | it supports sides of 64 to 512 pixels
        'quality': 'low', 'routing': {'fallbacks': ['small']}    | /routing/fallbacks/0 | /quality: The model 'small' does not let clients set this.
        'steps': 20, 'routing': {'fallbacks': ['small']}         | /routing/fallbacks/0 | /steps: Must be a whole number from 1 to 8.
        'guidance_scale': 9, 'routing': {'fallbacks': ['small']} | /routing/fallbacks/0 | /guidance_scale: Must be a number from 0 to 5.
        'n': 2, 'routing': {'fallbacks': ['small']}              | /routing/fallbacks/0 | /n: Must be a whole number from 1 to 1.
        'negative_prompt': 'y', 'routing': {'fallbacks': ['small']} | /routing/fallbacks/0 | has no negative prompt
        'grid': {'layout': '8x8', 'min_tile_px': 100}, 'routing': {'fallbacks': ['small']} | /routing/fallbacks/0 | /grid/layout: An image of 512x512
        'steps': 51, 'routing': {'fallbacks': ['small']}         | /steps               | from 1 to 50\
        """)
    void errorNamesItsField(String fields, String pointer, String detail) {
        var problem = catchThrowableOfType(Problem.class, () -> read("{'prompt': 'x', " + fields + "}"));

        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.detail()).contains(detail);
        });
    }

    private static List<String> models(GenerationRequest request) {
        return request.fallbacks().stream().map(Fallback::model).toList();
    }

    private static GenerationRequest read(String json) {
        var body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return READER.read(body, null, NOW).request();
    }

    private static Model disabledModel() {
        var enabled = model("off", 512, 8, true, null);
        return new Model(
                enabled.id(),
                false,
                enabled.engine(),
                enabled.pool(),
                enabled.created(),
                enabled.ownedBy(),
                enabled.description(),
                enabled.license(),
                enabled.examples(),
                enabled.sizes(),
                enabled.nativeSize(),
                enabled.maxImages(),
                enabled.maxSources(),
                false,
                false,
                enabled.options(),
                enabled.steps(),
                enabled.guidance(),
                enabled.negativePrompt(),
                enabled.engineModel(),
                enabled.fallbacks());
    }

    private static Model model(
            String id, int side, int steps, boolean large, @Nullable String engineModel, String... fallbacks) {
        return new Model(
                id,
                true,
                id,
                "pool-of-" + id,
                NOW,
                "atelier",
                "A model.",
                "Apache-2.0",
                List.of(),
                ModelSizes.between(64, side, 8, new ImageSize(side, side)),
                null,
                large ? 4 : 1,
                large ? 2 : 0,
                false,
                false,
                large
                        ? new ModelOptions(List.of("low", "high"), List.of(), List.of(), List.of(), List.of())
                        : ModelOptions.NONE,
                new Model.Steps(1, steps, steps),
                new Model.Guidance(0, large ? 30 : 5, 5.0),
                large,
                engineModel,
                List.of(fallbacks));
    }
}
