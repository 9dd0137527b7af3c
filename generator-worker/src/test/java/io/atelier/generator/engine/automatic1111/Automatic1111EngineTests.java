package io.atelier.generator.engine.automatic1111;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.image.png.PngImage;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Automatic1111EngineTests {

    private final FakeWebUi server = new FakeWebUi(true);
    private final Cancellation cancellation = new Cancellation();
    private final List<Integer> steps = new CopyOnWriteArrayList<>();
    private final GenerationRun run = new GenerationRun("a job", 1, (phase, step, of) -> steps.add(step), cancellation);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void allParametersOfTheRequestAreSent() {
        var engine = server.engine("sampler", "Euler a", "scheduler", "Karras");

        engine.generate(EngineRequests.of(2, 7).model("dream.safetensors").request(), run);

        var body = server.bodies(FakeWebUi.TXT2IMG).get(0);
        assertThat(body.path("prompt").asString()).isEqualTo("a \"blue\" cube");
        assertThat(body.path("negative_prompt").asString()).isEqualTo("red");
        assertThat(body.path("width").asInt()).isEqualTo(64);
        assertThat(body.path("height").asInt()).isEqualTo(48);
        assertThat(body.path("steps").asInt()).isEqualTo(4);
        assertThat(body.path("cfg_scale").asDouble()).isEqualTo(6.5);
        assertThat(body.path("seed").asLong()).isEqualTo(7);
        assertThat(body.path("n_iter").asInt()).isEqualTo(2);
        assertThat(body.path("batch_size").asInt()).isEqualTo(1);
        assertThat(body.path("sampler_name").asString()).isEqualTo("Euler a");
        assertThat(body.path("scheduler").asString()).isEqualTo("Karras");
        assertThat(body.path("send_images").asBoolean()).isTrue();
        assertThat(body.path("save_images").asBoolean()).isFalse();
        assertThat(body.path("override_settings").path("sd_model_checkpoint").asString())
                .isEqualTo("dream.safetensors");
    }

    @Test
    void withoutModelAndSamplerTheServersDefaultsApply() {
        server.engine().generate(EngineRequests.of(1, 7).request(), run);

        var body = server.bodies(FakeWebUi.TXT2IMG).get(0);
        assertThat(body.has("override_settings")).isFalse();
        assertThat(body.has("sampler_name")).isFalse();
        assertThat(body.has("scheduler")).isFalse();
    }

    @Test
    void sourceImageIsSent() {
        var source = SampleImages.png(32, 32);

        var images = server.engine()
                .edit(EngineRequests.of(1, 7).request(), SourceImages.of(new SourceImage(source, "image/png")), run);

        assertThat(images).hasSize(1);
        var body = server.bodies("/sdapi/v1/img2img").get(0);
        assertThat(Base64.getDecoder().decode(body.path("init_images").get(0).asString()))
                .isEqualTo(source);
        assertThat(body.path("resize_mode").asInt()).isEqualTo(1);
    }

    @DisplayName("The sampler that the server used is in the metadata of the image, beside its warnings")
    @Test
    void theSamplerIsReported() {
        server.respondWith(server.answer(
                List.of(FakeWebUi.image(40, 32, 1)), "{\"sampler_name\":\"DPM++ 2M\",\"all_seeds\":[7]}"));

        var image =
                server.engine().generate(EngineRequests.of(1, 7).request(), run).get(0);

        assertThat(image.metadata())
                .containsEntry(GeneratedImage.SAMPLER, "DPM++ 2M")
                .containsKey(GeneratedImage.WARNING);
        assertThat(image.seed()).isEqualTo(7);
    }

    @Test
    void maskAndStrengthAreSent() throws Exception {
        var pixels = new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 16; x++) {
                pixels.setRGB(x, y, 0xFFFFFFFF);
            }
        }
        var source = new SourceImage(SampleImages.png(32, 32), "image/png");
        var request =
                EngineRequests.of(1, 7).request().toBuilder().strength(0.4).build();

        server.engine().edit(request, new SourceImages(List.of(source), EditMask.of(PngImage.of(pixels))), run);

        var body = server.bodies("/sdapi/v1/img2img").get(0);
        assertThat(body.path("denoising_strength").asDouble()).isEqualTo(0.4);
        assertThat(body.path("inpainting_mask_invert").asInt()).isZero();
        assertThat(body.path("inpaint_full_res").asBoolean(true)).isFalse();
        var mask = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(body.path("mask").asString())));
        assertThat(mask.getRaster().getNumBands()).isOne();
        // What is transparent changes, and is white for this server.
        assertThat(mask.getRaster().getSample(20, 5, 0)).isEqualTo(255);
        assertThat(mask.getRaster().getSample(5, 5, 0)).isZero();
    }

    @Test
    void withoutStrengthAndMaskTheServersDefaultsApply() {
        server.engine()
                .edit(
                        EngineRequests.of(1, 7).request(),
                        SourceImages.of(new SourceImage(SampleImages.png(8, 8), "image/png")),
                        run);

        var body = server.bodies("/sdapi/v1/img2img").get(0);
        assertThat(body.has("denoising_strength")).isFalse();
        assertThat(body.has("mask")).isFalse();
    }

    @Test
    void moreThanOneSourceImageIsRejected() {
        var source = new SourceImage(SampleImages.png(8, 8), "image/png");

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> server.engine().edit(EngineRequests.of(1, 7).request(), SourceImages.of(source, source), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(server.stub().calls()).isEmpty();
    }

    @Test
    void userAndPasswordAreSent() {
        server.engine("user", "anna", "password", "geheim\u00E9")
                .generate(EngineRequests.of(1, 7).request(), run);

        assertThat(server.stub().calls().get(0).header("Authorization")).isEqualTo("Basic YW5uYTpnZWhlaW3DqQ==");
    }

    @Test
    void sizesThatAreNoMultiplesOf8AreCroppedFromLargerImages() {
        var image = server.engine()
                .generate(EngineRequests.of(1, 7).size(61, 43).request(), run)
                .get(0);

        assertThat(server.bodies(FakeWebUi.TXT2IMG).get(0).path("width").asInt())
                .isEqualTo(64);
        assertThat(server.bodies(FakeWebUi.TXT2IMG).get(0).path("height").asInt())
                .isEqualTo(48);
        assertThat(image.pixels().width()).isEqualTo(61);
        assertThat(image.pixels().height()).isEqualTo(43);
        assertThat(image.metadata()).isEmpty();
    }

    @Test
    void imageOfAnotherSizeCarriesAWarning() {
        server.respondWith(server.answer(List.of(FakeWebUi.image(32, 32, 1)), null));

        var image =
                server.engine().generate(EngineRequests.of(1, 7).request(), run).get(0);

        assertThat(image.metadata().get(GeneratedImage.WARNING))
                .contains("32 x 32")
                .contains("64 x 48");
    }

    @Test
    void seedsAreTakenFromTheResponse() {
        var images = List.of(FakeWebUi.image(64, 48, 1), FakeWebUi.image(64, 48, 2));
        server.respondWith(server.answer(images, "{\"all_seeds\":[70,71]}"));

        assertThat(server.engine().generate(EngineRequests.of(2, 7).request(), run))
                .extracting(GeneratedImage::seed)
                .containsExactly(70L, 71L);
    }

    @Test
    void gridOfAllImagesIsSkipped() {
        var gridAndImage = List.of(FakeWebUi.image(128, 48, 9), FakeWebUi.image(64, 48, 1));
        server.respondWith(server.answer(gridAndImage, "{\"index_of_first_image\":1}"));

        var images = server.engine().generate(EngineRequests.of(1, 7).request(), run);

        assertThat(images).singleElement().satisfies(image -> {
            assertThat(image.pixels().width()).isEqualTo(64);
            assertThat(image.seed()).isEqualTo(7);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"dream", "sub/dream.safetensors", "DREAM.ckpt [abcdef]"})
    void modelIsRecognisedByEachFormOfItsName(String checkpoint) {
        var image = server.engine()
                .generate(EngineRequests.of(1, 7).model(checkpoint).request(), run)
                .get(0);

        assertThat(image.metadata()).isEmpty();
    }

    @Test
    void anotherModelThanTheRequestedOneCausesAWarning() {
        var image = server.engine()
                .generate(EngineRequests.of(1, 7).model("nightmare.safetensors").request(), run)
                .get(0);

        assertThat(image.metadata().get(GeneratedImage.WARNING))
                .contains("'dream'")
                .contains("nightmare");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void progressIsReported(boolean knowsTaskIds) {
        try (var other = new FakeWebUi(knowsTaskIds)) {
            other.engine().generate(EngineRequests.of(1, 7).steps(100).request(), run);
        }

        assertThat(steps).startsWith(0).endsWith(100).isSorted().hasSizeGreaterThan(3);
    }

    @Test
    void silenceDuringGenerationIsNoFailure() {
        var images = server.engine("remote.timeouts.read-timeout", "50ms")
                .generate(EngineRequests.of(1, 7).steps(60).request(), run);

        assertThat(images).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"detail\":\"Incorrect username or password\"} | PROVIDER_AUTH      |"
                        + " io.atelier.engines.automatic1111.servers.automatic1111.password",
                "404 | {\"detail\":\"Model not found\"}                | REQUEST_REJECTED   | Model not found",
                "404 | {\"detail\":\"Sampler not found\"}              | REQUEST_REJECTED   | Sampler not found",
                "404 | {\"detail\":\"Not Found\"}                      | NOT_CONFIGURED     | --api",
                "405 | {}                                              | METHOD_NOT_ALLOWED | Invalid request method",
                "422 | {\"detail\":[{\"loc\":[\"body\",\"steps\"],\"msg\":\"value is not an integer\"}]} |"
                        + " REQUEST_REJECTED | steps: value is not an integer",
                "429 | {}                                              | RATE_LIMITED       | Rate limit exceeded",
                "500 | {\"error\":\"OutOfMemoryError\",\"detail\":\"\",\"errors\":\"CUDA out of memory.\"} |"
                        + " OUT_OF_MEMORY | CUDA out of memory",
                "500 | {\"error\":\"RuntimeError\",\"errors\":\"mat1 and mat2\"} | PROVIDER_ERROR | Service error:"
                        + " RuntimeError, mat1",
                "502 | bad gateway                                     | PROVIDER_ERROR     | Image generation service"
                        + " error",
            })
    void eachErrorResponseHasItsCodeAndMessage(int status, String body, Code code, String part) {
        server.respondWith(ProviderStub.json(status, body));

        var failure = failure(server.engine(), EngineRequests.of(1, 7));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).contains(part);
        assertThat(failure.providerStatus()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "no base64", "data:image/png;base64,iVBORw0KGgo="})
    void invalidImageIsRequestedOnceMore(String image) {
        server.respondWith(server.answer(List.of(image), null));

        var failure = failure(server.engine(), EngineRequests.of(1, 7));

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).startsWith("Invalid response from image generation service");
        assertThat(server.count(FakeWebUi.TXT2IMG)).isEqualTo(2);
    }

    @Test
    void theRestIsRequestedIfFewerImagesCome() {
        server.respondWith(server.answer(List.of(FakeWebUi.image(64, 48, 1)), null));

        var images = server.engine().generate(EngineRequests.of(3, 7).request(), run);

        assertThat(images).extracting(GeneratedImage::seed).containsExactly(7L, 8L, 9L);
        assertThat(server.count(FakeWebUi.TXT2IMG)).isEqualTo(3);
    }

    @Test
    void noImageIsAFailure() {
        server.respondWith(server.answer(List.of(), null));

        assertThat(failure(server.engine(), EngineRequests.of(2, 7)).message()).contains("0 of 2 images received");
    }

    @Test
    void base64MayHaveLineBreaks() {
        var broken = FakeWebUi.image(64, 48, 1).replaceAll(".{76}", "$0\r\n");
        server.respondWith(server.answer(List.of("data:image/png;base64," + broken), null));

        assertThat(server.engine().generate(EngineRequests.of(1, 7).request(), run))
                .hasSize(1);
    }

    @Test
    void withoutAnAddressNoRequestIsSent() {
        var engine = new Automatic1111Engine(
                "automatic1111", SampleSettings.bound(Server.class), new ProviderClients(new SimpleMeterRegistry()));

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(failure(engine, EngineRequests.of(1, 7)))
                .isEqualTo(new Failure(Code.NOT_CONFIGURED, engine.status().detail()));
        assertThat(engine.status().detail())
                .contains("io.atelier.engines.automatic1111.servers.automatic1111.url")
                .contains("ATELIER_AUTOMATIC1111_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:7860", "ftp://gpu", "http://anna:geheim@gpu:7860"})
    void malformedAddressIsRejectedWithoutBeingRepeated(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Automatic1111Engine(
                        "gpu-2",
                        SampleSettings.bound(Server.class, "url", url),
                        new ProviderClients(new SimpleMeterRegistry())))
                .withMessageContaining("io.atelier.engines.automatic1111.servers.gpu-2.url")
                .withMessageNotContaining("geheim");
    }

    @Test
    void settingsDoNotPrintSecrets() {
        var settings = SampleSettings.bound(
                Automatic1111Properties.class,
                "servers.gpu.url",
                "http://gpu:7860",
                "servers.gpu.user",
                "anna",
                "servers.gpu.password",
                "geheim");

        assertThat(settings.toString()).contains("gpu").doesNotContain("geheim").doesNotContain("anna");
    }

    private Failure failure(Automatic1111Engine engine, EngineRequests requests) {
        return catchThrowableOfType(GenerationFailed.class, () -> engine.generate(requests.request(), run))
                .failure();
    }
}
