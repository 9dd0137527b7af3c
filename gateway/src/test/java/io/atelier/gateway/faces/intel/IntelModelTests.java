package io.atelier.gateway.faces.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.WebhookPolicy;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.gateway.view.ViewConfiguration;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.settings.SettingRefused;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

/** The models of the replaced service, in the catalogue as it is delivered. */
class IntelModelTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withPropertyValues("spring.config.name=gateway")
            .withBean(Clock.class, Clock::systemUTC)
            .withBean(Backlog.class)
            .withBean(WorkerRegistry.class, () -> new WorkerRegistry(Clock.systemUTC()))
            .withUserConfiguration(ViewConfiguration.class);
    private final AtomicReference<Catalogue> catalogue = new AtomicReference<>();

    @BeforeEach
    void readTheDeliveredCatalogue() {
        runner.run(context -> catalogue.set(context.getBean(Catalogue.class)));
    }

    @DisplayName(
            "A worker's own copy of a model comes before the provider's, with its own size if that of the replaced service is too large")
    @Test
    void modelOfAWorkerComesFirst() {
        runner.run(context -> {
            catalogue.set(context.getBean(Catalogue.class));
            var runs = reader("0", "stable-diffusion-xl");
            assertThat(runs.standard().engine()).isEqualTo("huggingface");
            context.getBean(WorkerRegistry.class)
                    .put(SampleWorkers.withModel("w", "default", "stable-diffusion-xl"), Instant.now());

            assertThat(IntelModel.find(context.getBean(Catalogue.class), "stable-diffusion-xl"))
                    .hasValueSatisfying(found -> {
                        assertThat(found.model().engine()).isEqualTo("local/stable-diffusion-xl");
                        assertThat(found.size()).isNull();
                        assertThat(found.steps()).isEqualTo(25);
                    });
            assertThat(runs.standard().engine()).isEqualTo("local/stable-diffusion-xl");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "stable-diffusion-xl,stabilityai/stable-diffusion-xl-base-1.0,512,25,5.0",
        "stable-diffusion-v3.5,stabilityai/stable-diffusion-3.5-medium,1024,50,7.0",
        "stable-diffusion-v3,stabilityai/stable-diffusion-3-medium-diffusers,1024,28,",
        "flux-schnell,black-forest-labs/FLUX.1-schnell,1024,4,",
        "flux-dev,black-forest-labs/FLUX.1-dev,1024,50,3.5",
        "flux.1-schnell,black-forest-labs/FLUX.1-schnell,1024,4,",
        "flux.1-dev,black-forest-labs/FLUX.1-dev,1024,50,3.5"
    })
    void eachHasItsDefaults(String name, String model, int side, int steps, @Nullable Double guidance) {
        var request = run(name, "{\"prompt\": \"a castle\"}");

        assertThat(request.model()).isEqualTo(model);
        assertThat(request.size()).isEqualTo(new ImageSize(side, side));
        assertThat(request.steps()).isEqualTo(steps);
        assertThat(request.guidanceScale()).isEqualTo(guidance);
    }

    @Test
    void oneSideHasTheDefaultOfTheOther() {
        assertThat(run("stable-diffusion-xl", "{\"prompt\": \"x\", \"width\": 768}")
                        .size())
                .isEqualTo(new ImageSize(768, 512));
        assertThat(run("auto", "{\"prompt\": \"x\", \"height\": 256}").size()).isEqualTo(new ImageSize(512, 256));
    }

    @Test
    void requestMayNameAnotherModel() {
        assertThat(run("stable-diffusion-xl", "{\"prompt\": \"x\", \"model\": \"flux-schnell\"}")
                        .steps())
                .isEqualTo(4);
        assertThat(run("flux-dev", "{\"prompt\": \"x\", \"model\": \"pocket\"}").model())
                .isEqualTo("pocket");
    }

    @Test
    void unknownModelStopsTheStartOnlyIfThePortWasAskedFor() {
        assertThatThrownBy(() -> reader("8100", "gpt-4"))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("MODEL")
                .hasMessageContaining("'gpt-4'")
                .hasMessageContaining(
                        "stable-diffusion-xl, stable-diffusion-v3.5, stable-diffusion-v3, flux-schnell, flux-dev");
        assertThat(reader("off", "gpt-4").standard().id()).isEqualTo("pocket");
        // As with `up`, which opens the port if nothing else needs it: the variable may be meant for another program.
        assertThat(reader("if-free:8100", "gpt-4").standard().id()).isEqualTo("pocket");
        assertThat(face("if-free:8100", "gpt-4").port()).isEqualTo(FacePort.CLOSED);
        assertThat(face("if-free:8100", "flux-dev").port()).isEqualTo(new FacePort(true, 8100, true));
    }

    private GenerationRequest run(String standard, String body) {
        return reader("0", standard)
                .read(body.getBytes(StandardCharsets.UTF_8))
                .request()
                .request();
    }

    private IntelRunReader reader(String port, String model) {
        var delivered = Objects.requireNonNull(catalogue.get());
        return new IntelFaceConfiguration()
                .intelRunReader(
                        face(port, model),
                        delivered,
                        new GenerationRequestReader(delivered, new Random(1), null, new WebhookPolicy(false, false)),
                        new JsonMapper(),
                        Clock.systemUTC());
    }

    private IntelFaceConfiguration.IntelFace face(String port, String model) {
        return new IntelFaceConfiguration()
                .intelFace(new IntelProperties(port, model, false, List.of()), Objects.requireNonNull(catalogue.get()));
    }
}
