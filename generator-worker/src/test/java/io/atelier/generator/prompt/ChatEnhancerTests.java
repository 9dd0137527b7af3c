package io.atelier.generator.prompt;

import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ChatEnhancerTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REWRITTEN = "A castle at dawn, mist in the valley";

    private final ProviderStub server = new ProviderStub();
    private final ProviderClient client = EnhancerFixtures.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    @DisplayName("The language model is called by chat completions, with the client's prompt last")
    void theModelIsCalledByChatCompletions() {
        server.then(answer("```\\n" + REWRITTEN + "\\n```"));

        var prompt = enhancer("key", "s3cret-key").enhance("a \"castle\"", EnhancerFixtures.run());

        assertThat(prompt).isEqualTo(REWRITTEN);
        var call = server.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/v1/chat/completions");
        assertThat(call.header("Authorization")).isEqualTo("Bearer s3cret-key");
        assertThat(call.header("Content-Type")).startsWith("application/json");
        var body = JSON.readTree(call.text());
        assertThat(body.at("/model").asString()).isEqualTo("some-model");
        assertThat(body.at("/max_tokens").asInt()).isEqualTo(2000);
        assertThat(body.at("/messages").size()).isEqualTo(2);
        assertThat(body.at("/messages/0/role").asString()).isEqualTo("system");
        assertThat(body.at("/messages/0/content").asString())
                .contains(
                        "subject", "light", "style", "compos", "mood", "colour", "camera", "50 to 150 words", "alone");
        assertThat(body.at("/messages/1/content").asString()).isEqualTo("a \"castle\"");
    }

    @Test
    void withoutAKeyNoAuthorizationIsSent() {
        server.then(answer(REWRITTEN));

        enhancer().enhance("a castle", EnhancerFixtures.run());

        assertThat(server.calls().get(0).headers().names()).doesNotContain("Authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no json",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":[{\"message\":{\"content\":null}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"\"}}]}"
            })
    @DisplayName("An answer without a prompt is a failure")
    void aResponseWithoutAPromptIsAFailure(String body) {
        server.then(json(200, body));

        assertThat(failure(enhancer()).code()).isEqualTo(Code.INVALID_RESPONSE);
    }

    @Test
    @DisplayName("An error is a failure and is not retried")
    void anErrorIsAFailure() {
        server.always(json(500, "{\"error\":\"a castle is too much\"}"));

        var failure = failure(enhancer());

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(failure.providerStatus()).isEqualTo(500);
        assertThat(failure.message()).contains("500").doesNotContain("castle");
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    @DisplayName("A language model that does not answer is abandoned after the timeout")
    void aModelThatDoesNotRespondIsATimeout() {
        server.then(silence());

        var failure = failure(enhancer("timeout", "300ms"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).isEqualTo("Language model prompt generation timed out after 0.3s");
    }

    @Test
    @DisplayName("The timeout of the language model is 5 s by default")
    void theDefaultTimeoutIsFiveSeconds() {
        assertThat(SampleSettings.bound(EnhancerProperties.class).timeout()).hasSeconds(5);
    }

    @Test
    void aCancellationEndsTheCall() {
        var cancellation = new Cancellation();
        server.always(call -> {
            cancellation.request();
            return silence();
        });

        assertThatThrownBy(() -> enhancer("timeout", "60s").enhance("a castle", EnhancerFixtures.run(cancellation)))
                .isInstanceOf(GenerationCanceled.class);
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThat(failure(new ChatEnhancer(SampleSettings.bound(EnhancerProperties.class, "model", "m"), client)))
                .isEqualTo(
                        new Failure(Code.NOT_CONFIGURED, "io.atelier.enhancer.url (ATELIER_ENHANCER_URL) is not set."));
        assertThat(failure(new ChatEnhancer(
                                SampleSettings.bound(EnhancerProperties.class, "url", server.url("/v1")), client))
                        .message())
                .contains("ATELIER_ENHANCER_MODEL");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void anInvalidAddressFailsTheStart() {
        var properties = SampleSettings.bound(EnhancerProperties.class, "url", "htp:/nowhere", "key", "s3cret-key");

        assertThatThrownBy(() -> new ChatEnhancer(properties, client))
                .hasMessageContaining("ATELIER_ENHANCER_URL")
                .hasMessageNotContaining("s3cret");
        assertThat(properties.toString()).doesNotContain("s3cret");
    }

    private Failure failure(PromptEnhancer enhancer) {
        return catchThrowableOfType(GenerationFailed.class, () -> enhancer.enhance("a castle", EnhancerFixtures.run()))
                .failure();
    }

    private ChatEnhancer enhancer(String... settings) {
        var all = new String[settings.length + 4];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "url";
        all[settings.length + 1] = server.url("/v1");
        all[settings.length + 2] = "model";
        all[settings.length + 3] = "some-model";
        return new ChatEnhancer(SampleSettings.bound(EnhancerProperties.class, all), client);
    }

    private static mockwebserver3.MockResponse answer(String content) {
        return json(200, "{\"choices\":[{\"message\":{\"content\":\"" + content + "\"}}]}");
    }
}
