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
    private final List<String> told = new ArrayList<>();
    private final GenerationRun run = new GenerationRun(
            "a job", 1, (phase, step, steps) -> told.add("%d/%d".formatted(step, steps)), new Cancellation());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void eachSketchIsAStep() {
        provider.always(events("image_generation", 2));
        var engine = ReceivedRequest.engine(provider, "partial-images", "2");

        var images = engine.generate(
                ReceivedRequest.request("a harbour", 2, new ImageSize(1024, 1024), ReceivedRequest.MODEL), run);

        assertThat(engine.capabilities()).contains(Capability.PROGRESS);
        assertThat(images).hasSize(2);
        assertThat(images.get(0).pixels().getWidth()).isEqualTo(64);
        assertThat(told).containsExactly("0/6", "1/6", "2/6", "3/6", "4/6", "5/6", "6/6");
        assertThat(provider.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.text())
                        .contains("\"stream\":true")
                        .contains("\"partial_images\":2")
                        .contains("\"n\":1"));
    }

    @Test
    void aStepThatWasToldIsNotTakenBack() {
        provider.then(sketchThenEnd(), status(500)).always(events("image_generation", 2));

        ReceivedRequest.engine(provider, "partial-images", "2").generate(ReceivedRequest.request("a harbour"), run);

        assertThat(told).containsExactly("0/3", "1/3", "2/3", "3/3");
    }

    @Test
    void editsHaveSketchesToo() {
        provider.always(events("image_edit", 1));

        ReceivedRequest.engine(provider, "partial-images", "1")
                .edit(
                        ReceivedRequest.request("a harbour"),
                        List.of(new SourceImage(SampleImages.png(8, 8), "image/png")),
                        run);

        assertThat(told).containsExactly("0/2", "1/2", "2/2");
    }

    @Test
    void aServerMayAnswerAtOnce() {
        provider.always(ProviderStub.json(200, "{\"data\":[{\"b64_json\":\"%s\"}]}".formatted(base64())));

        ReceivedRequest.engine(provider, "partial-images", "3").generate(ReceivedRequest.request("a harbour"), run);

        assertThat(told).containsExactly("0/4", "4/4");
    }

    @Test
    void anErrorOnTheWayIsTold() {
        provider.always(stream("""
                event: error
                data: {"type":"error","error":{"code":"moderation_blocked","message":"Not this."}}

                """));

        var failed = catchThrowableOfType(
                GenerationFailed.class,
                () -> ReceivedRequest.engine(provider, "partial-images", "1")
                        .generate(ReceivedRequest.request("a harbour"), run));

        assertThat(failed.failure().code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(failed.failure().message()).contains("Not this.");
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    void aStreamWithoutAImageIsInvalid() {
        provider.always(sketchThenEnd());

        var failed = catchThrowableOfType(
                GenerationFailed.class,
                () -> ReceivedRequest.engine(provider, "partial-images", "1")
                        .generate(ReceivedRequest.request("a harbour"), run));

        assertThat(failed.failure().message()).contains("missing data");
    }

    private static MockResponse sketchThenEnd() {
        return stream(
                "data: {\"type\":\"image_generation.partial_image\",\"partial_image_index\":0}\n\ndata: [DONE]\n\n");
    }

    private static MockResponse events(String kind, int sketches) {
        var text = new StringBuilder();
        for (int i = 0; i < sketches; i++) {
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
