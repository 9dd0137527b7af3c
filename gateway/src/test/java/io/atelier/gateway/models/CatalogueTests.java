package io.atelier.gateway.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.workers.WorkerBoard;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What ships in gateway.yml, and what operators may get wrong about it. */
class CatalogueTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withPropertyValues("spring.config.name=gateway")
            .withBean(WorkerBoard.class, () -> new WorkerBoard(Clock.systemUTC()))
            .withUserConfiguration(ModelConfiguration.class);

    @Test
    void testCardIsThereOnlyWhenAskedFor() {
        runner.run(context -> assertThat(context.getBean(Catalogue.class).all())
                .extracting(Model::id)
                .containsExactly("pocket"));
        runner.withPropertyValues("ATELIER_TEST_CARD=true")
                .run(context -> assertThat(context.getBean(Catalogue.class).all())
                        .extracting(Model::id)
                        .containsExactly("pocket", "test-card"));
    }

    @Test
    void standardModelThatIsNotThereStopsTheStart() {
        runner.withPropertyValues("io.atelier.catalogue.standard=test-card")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("The catalogue's standard model is 'test-card', but it has only: pocket"));
    }

    @Test
    void fallbackThatIsNoOtherModelStopsTheStart() {
        for (var wrong : new String[] {"pocket", "poket"}) {
            var described = model(wrong);
            assertThatThrownBy(() -> new Catalogue("pocket", List.of(described)))
                    .hasMessage(
                            "The catalogue's model 'pocket' falls back on '%s', which is no other model of it", wrong);
        }
    }

    @Test
    void modelThatIsDescribedWronglyStopsTheStart() {
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
                new Sizes(64, 512, 8, new ImageSize(512, 512)),
                null,
                1,
                new Model.Steps(1, 8, 8),
                new Model.Guidance(0, 5, 5),
                false,
                null,
                List.of(fallback));
    }
}
