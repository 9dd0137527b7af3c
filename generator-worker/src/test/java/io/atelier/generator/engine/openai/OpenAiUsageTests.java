package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.ProviderUsage.Tokens;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.ProviderCallListener;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine reports of the usage that answers of OpenAI's images API mention. */
class OpenAiUsageTests {

    /** The example in OpenAI's reference of the images API. */
    private static final String USAGE = """
        {"total_tokens": 100, "input_tokens": 50, "output_tokens": 50,
         "input_tokens_details": {"text_tokens": 10, "image_tokens": 40}}""";

    private static final String IMAGE = Base64.getEncoder().encodeToString(SampleImages.png(16, 16));

    private final ProviderStub provider = new ProviderStub();
    private final List<ProviderUsage> reported = new ArrayList<>();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void tokensAndImagesOfAnAnswerAreReported() {
        provider.always(json(200, body(2, USAGE)));

        generate(2);

        assertThat(reported).containsExactly(new ProviderUsage(50L, new Tokens(10L, 40L, null), 50L, null, 2L, null));
    }

    @Test
    void detailsOfBothSidesAndComputingTimeAreReported() {
        provider.always(json(200, body(1, """
                {"input_tokens": 9, "input_tokens_details": {"text_tokens": 9, "image_tokens": 0, "cached_tokens": 4},
                 "output_tokens": 4160, "output_tokens_details": {"text_tokens": 0, "image_tokens": 4160}, "seconds": 6.5}""")));

        generate(1);

        assertThat(reported)
                .containsExactly(
                        new ProviderUsage(9L, new Tokens(9L, 0L, 4L), 4_160L, new Tokens(0L, 4_160L, null), 1L, 6.5));
    }

    @Test
    @DisplayName("Each call is reported: those for the rest of the images, and those whose answer cannot be used")
    void everyAnswerIsReported() {
        provider.then(
                json(200, body(1, USAGE)),
                json(200, "{\"data\":[{\"b64_json\":\"bm8gaW1hZ2U=\"}],\"usage\":%s}".formatted(USAGE)),
                json(200, body(1, USAGE)));

        generate(2);

        assertThat(reported)
                .hasSize(3)
                .allSatisfy(usage -> assertThat(usage.outputTokens()).isEqualTo(50));
        assertThat(total()).isEqualTo(new ProviderUsage(150L, new Tokens(30L, 120L, null), 150L, null, 3L, null));
    }

    @Test
    void refusalThatWasChargedIsReported() {
        provider.always(json(400, """
                {"error": {"code": "moderation_blocked", "message": "Your request was rejected by the safety system."},
                 "usage": %s}""".formatted(USAGE)));

        var failed = catchThrowableOfType(GenerationFailed.class, () -> generate(1));

        assertThat(failed.failure().code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(reported).singleElement().satisfies(usage -> {
            assertThat(usage.inputTokens()).isEqualTo(50);
            assertThat(usage.images()).isNull();
        });
    }

    @Test
    void finalEventsOfAStreamAreReported() {
        var event = "{\"type\":\"image_generation.completed\",\"b64_json\":\"%s\",\"usage\":%s}"
                .formatted(IMAGE, USAGE.replace("\n", ""));
        provider.always(answer(
                200,
                "text/event-stream",
                ("data: {\"type\":\"image_generation.partial_image\",\"partial_image_index\":0}\n\ndata: " + event
                                + "\n\ndata: [DONE]\n\n")
                        .getBytes(StandardCharsets.UTF_8)));

        OpenAiFixtures.engine(provider, "partial-images", "1")
                .generate(
                        OpenAiFixtures.request("a harbour", 2, new ImageSize(1024, 1024), OpenAiFixtures.MODEL), run());

        assertThat(total()).isEqualTo(new ProviderUsage(100L, new Tokens(20L, 80L, null), 100L, null, 2L, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "\"many\"",
                "[]",
                "{}",
                "{\"input_tokens\": -1, \"output_tokens\": -9223372036854775808}",
                "{\"input_tokens\": \"50\", \"output_tokens\": true}",
                "{\"input_tokens\": 1e400, \"output_tokens\": 99999999999999999999999}",
                "{\"input_tokens\": 9007199254740992, \"output_tokens\": 1.5}",
                "{\"input_tokens\": {}, \"input_tokens_details\": 3, \"output_tokens_details\": [{\"text_tokens\": 1}]}",
                "{\"input_tokens_details\": {\"text_tokens\": -1, \"image_tokens\": \"x\"}, \"seconds\": -1}",
                "{\"seconds\": \"NaN\"}",
                "{\"seconds\": 1e300}"
            })
    void numbersThatCannotBeRightAreNotReported(String usage) {
        provider.always(json(200, body(1, usage)));

        generate(1);

        assertThat(reported).containsExactly(ProviderUsage.ofImages(1));
    }

    @Test
    void aNumberThatCannotBeRightLeavesTheOthers() {
        provider.always(json(200, body(1, "{\"input_tokens\": -5, \"output_tokens\": 7}")));

        generate(1);

        assertThat(reported).containsExactly(new ProviderUsage(null, null, 7L, null, 1L, null));
    }

    @ParameterizedTest
    @CsvSource({"500, oops", "200, {\"data\":[]}", "200, no JSON"})
    void anAnswerThatMentionsNothingIsNotReported(int status, String body) {
        provider.always(json(status, body));

        assertThat(catchThrowableOfType(GenerationFailed.class, () -> generate(1)))
                .isNotNull();

        assertThat(provider.calls()).isNotEmpty();
        assertThat(reported).isEmpty();
    }

    private @Nullable ProviderUsage total() {
        @Nullable ProviderUsage total = null;
        for (var usage : reported) {
            total = ProviderUsage.sum(total, usage);
        }
        return total;
    }

    private void generate(int n) {
        OpenAiFixtures.engine(provider)
                .generate(
                        OpenAiFixtures.request("a harbour", n, new ImageSize(1024, 1024), OpenAiFixtures.MODEL), run());
    }

    private GenerationRun run() {
        return new GenerationRun(
                "a job", 1, (phase, step, steps) -> {}, new Cancellation(), new ProviderCallListener() {
                    @Override
                    public void onCall() {}

                    @Override
                    public synchronized void onUsage(ProviderUsage usage) {
                        reported.add(usage);
                    }
                });
    }

    private static String body(int images, String usage) {
        var data = String.join(",", Collections.nCopies(images, "{\"b64_json\":\"%s\"}".formatted(IMAGE)));
        return "{\"created\":1,\"data\":[%s],\"usage\":%s}".formatted(data, usage);
    }
}
