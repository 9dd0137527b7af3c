package io.atelier.gateway.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.gateway.workers.WorkerBoard;
import java.time.Clock;
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
}
