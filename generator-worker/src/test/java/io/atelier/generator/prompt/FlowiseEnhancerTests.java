package io.atelier.generator.prompt;

import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowiseEnhancerTests {

    private static final String ANSWER = "{\"text\": \"{\\\"final_prompt\\\": \\\"Four portraits of Ada\\\"}\"}";
    private final ProviderStub server = new ProviderStub();
    private final ProviderClient client = EnhancerFixtures.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        not json                                       | not a JSON object
        {"texts": "x"}                                 | 'text'
        {"text": "no json"}                            | 'text'
        {"text": "{\\"first_prompt\\": \\"x\\"}"}    | 'final_prompt'
        {"text": "{\\"final_prompt\\": \\" \\"}"}    | 'final_prompt'
        {"text": {"final_prompt": "x"}}                | 'text'\
        """)
    @DisplayName("An answer without a prompt is an invalid response that names the field")
    void aResponseWithoutAPromptNamesTheField(String body, String field) {
        server.then(json(200, body.strip()));

        var failure = failure(enhancer());

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains(field);
    }

    @Test
    @DisplayName("An error is reported with the message of Flowise")
    void anErrorIsReportedWithItsMessage() {
        server.then(json(500, "{\"message\":\"flow not found\"}"));

        var failure = failure(enhancer());

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(failure.message()).startsWith("Flowise API error: ").contains("flow not found");
    }

    @Test
    @DisplayName("A flow may take 120 s and is abandoned after that")
    void aFlowThatDoesNotRespondIsATimeout() {
        assertThat(SampleSettings.bound(FlowiseProperties.class).timeout()).hasSeconds(120);
        server.then(silence());

        var failure = failure(enhancer("timeout", "1s"));

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(failure.message()).isEqualTo("Flowise prompt generation timed out after 1s");
    }

    @Test
    @DisplayName("As an enhancer the flow gets the client's prompt")
    void theFlowGetsTheClientsPrompt() {
        server.then(json(200, ANSWER));

        assertThat(enhancer().enhance("a portrait", EnhancerFixtures.run())).isEqualTo("Four portraits of Ada");
        var call = server.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/base/api/v1/prediction/1234-abcd");
        assertThat(call.header("Authorization")).isEqualTo("Bearer s3cret-token");
        assertThat(call.text()).isEqualTo("{\"question\":\"a portrait\"}");
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThat(failure(new FlowiseEnhancer(SampleSettings.bound(FlowiseProperties.class, "flow", "f"), client))
                        .message())
                .contains("FLOWISE_URL");
        assertThat(failure(new FlowiseEnhancer(
                                SampleSettings.bound(FlowiseProperties.class, "url", server.url("/")), client))
                        .message())
                .contains("FLOWISE_FLOW");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void theTokenIsNeitherInMessagesNorInToString() {
        var properties = SampleSettings.bound(FlowiseProperties.class, "url", "nowhere", "token", "s3cret-token");

        assertThat(properties.toString()).doesNotContain("s3cret");
        assertThatThrownBy(() -> new FlowiseEnhancer(properties, client))
                .hasMessageContaining("FLOWISE_URL")
                .hasMessageNotContaining("s3cret");
    }

    private static Failure failure(PromptEnhancer enhancer) {
        return catchThrowableOfType(
                        GenerationFailed.class, () -> enhancer.enhance("a portrait", EnhancerFixtures.run()))
                .failure();
    }

    private FlowiseEnhancer enhancer(String... settings) {
        var all = new HashMap<String, String>(
                Map.of("url", server.url("/base"), "flow", "1234-abcd", "token", "s3cret-token"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        var flat = all.entrySet().stream()
                .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                .toArray(String[]::new);
        return new FlowiseEnhancer(SampleSettings.bound(FlowiseProperties.class, flat), client);
    }
}
