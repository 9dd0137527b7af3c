package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartialImageTests {

    private final ProviderStub provider = new ProviderStub();
    private final List<String> reports = new ArrayList<>();
    private final GenerationRun run = new GenerationRun(
            "a job", 1, (phase, step, steps) -> reports.add("%d/%d".formatted(step, steps)), new Cancellation());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void eachPartialImageIsAStep() {
        provider.always(events("image_generation", 2));
        var engine = OpenAiFixtures.engine(provider, "partial-images", "2");

        var images = engine.generate(
                OpenAiFixtures.request("a harbour", 2, new ImageSize(1024, 1024), OpenAiFixtures.MODEL), run);

        assertThat(engine.capabilities()).contains(Capability.PROGRESS);
        assertThat(images).hasSize(2);
        assertThat(images.get(0).pixels().width()).isEqualTo(64);
        assertThat(reports).containsExactly("0/6", "1/6", "2/6", "3/6", "4/6", "5/6", "6/6");
        assertThat(provider.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.text())
                        .contains("\"stream\":true")
                        .contains("\"partial_images\":2")
                        .contains("\"n\":1"));
    }

    @Test
    void progressDoesNotGoBackAfterARetry() {
        provider.then(partialImageThenEnd(), status(500)).always(events("image_generation", 2));

        OpenAiFixtures.engine(provider, "partial-images", "2").generate(OpenAiFixtures.request("a harbour"), run);

        assertThat(reports).containsExactly("0/3", "1/3", "2/3", "3/3");
    }

    @Test
    void editsHavePartialImagesToo() {
        provider.always(events("image_edit", 1));

        OpenAiFixtures.engine(provider, "partial-images", "1")
                .edit(
                        OpenAiFixtures.request("a harbour"),
                        SourceImages.of(new SourceImage(SampleImages.png(8, 8), "image/png")),
                        run);

        assertThat(reports).containsExactly("0/2", "1/2", "2/2");
    }

    @Test
    void serverMayAnswerWithoutPartialImages() {
        provider.always(ProviderStub.json(200, "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(base64())));

        OpenAiFixtures.engine(provider, "partial-images", "3").generate(OpenAiFixtures.request("a harbour"), run);

        assertThat(reports).containsExactly("0/4", "4/4");
    }

    @Test
    void errorEventIsAFailure() {
        provider.always(stream("""
            event: error
            data: {"type":"error","error":{"code":"moderation_blocked","message":"Not this."}}

            """));

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> OpenAiFixtures.engine(provider, "partial-images", "1")
                        .generate(OpenAiFixtures.request("a harbour"), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(thrown.failure().message()).contains("Not this.");
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void streamWithoutAnImageIsInvalid() {
        provider.always(partialImageThenEnd());

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> OpenAiFixtures.engine(provider, "partial-images", "1")
                        .generate(OpenAiFixtures.request("a harbour"), run));

        assertThat(thrown.failure().message()).contains("missing data");
    }

    private static MockResponse partialImageThenEnd() {
        return stream(
                "data: {\"type\":\"image_generation.partial_image\",\"partial_image_index\":0}\n\ndata: [DONE]\n\n");
    }

    private static MockResponse events(String kind, int partialImages) {
        var text = new StringBuilder();
        for (int i = 0; i < partialImages; i++) {
            text.append("event: %s.partial_image\n".formatted(kind));
            text.append("data: {\"type\":\"%s.partial_image\",\"b64_json\":\"%s\",\"partial_image_index\":%d}\n\n"
                    .formatted(kind, base64(), i));
        }
        text.append("event: %s.completed\n".formatted(kind));
        text.append("data: {\"type\":\"%s.completed\",\"b64_json\":\"%s\"}\n\n".formatted(kind, base64()));
        return stream(text.toString());
    }

    private static MockResponse stream(String text) {
        return answer(200, "text/event-stream; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64() {
        return Base64.getEncoder().encodeToString(SampleImages.png(64, 48));
    }
}
