package io.atelier.generator.persona;

import static io.atelier.generator.provider.ProviderStub.disconnect;
import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.persona.PersonaPromptWriter.Subject;
import io.atelier.generator.prompt.FlowiseFlow;
import io.atelier.generator.prompt.FlowiseProperties;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FlowisePersonaPromptsTests extends PersonaPromptWriterContract {

    private static final Subject FIRST = new Subject(SamplePersonas.ADA, 0, List.of(), null);
    private static final JsonMapper JSON = new JsonMapper();

    private final ProviderStub server = new ProviderStub();
    private final List<ProviderClient> clients = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final PersonaPromptWriter writer = writer("remote.retry.base-interval", "10ms");

    FlowisePersonaPromptsTests() {
        server.always(call -> answer("Four views of her, number " + answers.incrementAndGet()));
    }

    @AfterEach
    void close() {
        clients.forEach(ProviderClient::close);
        server.close();
    }

    @Override
    protected PersonaPromptWriter writer() {
        return writer;
    }

    @Test
    @DisplayName("The flow gets the seven fields of the persona as a JSON string in its start state")
    void flowGetsThePersona() {
        assertThat(writer.write(FIRST, SamplePersonas.run())).isEqualTo("Four views of her, number 1");

        var call = server.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/base/api/v1/prediction/1234-abcd");
        assertThat(call.header("Authorization")).isEqualTo("Bearer s3cret-token");
        var data =
                "{\"firstname\":\"Adalberta\",\"lastname\":\"Quillfeather\",\"gender\":\"f\",\"bio_facebook\":\"%s\","
                                .formatted(SamplePersonas.BIO)
                        + "\"bio_instagram\":\"Loves quinces\",\"bio_x\":\"Chess at noon\",\"bio_tiktok\":\"\"}";
        assertThat(call.text())
                .isEqualTo("{\"question\":\"go\",\"overrideConfig\":{\"startState\":{\"startAgentflow_0\":"
                        + "[{\"key\":\"person_data\",\"value\":" + JSON.writeValueAsString(data) + "}]}}}");
    }

    @Test
    @DisplayName("For a further prompt the flow gets the earlier ones, which it is to avoid")
    void flowGetsTheEarlierPrompts() {
        writer.write(
                new Subject(SamplePersonas.ADA, 2, List.of("one \"prompt\"", "another"), null), SamplePersonas.run());

        var state = JSON.readTree(server.calls().get(0).text()).at("/overrideConfig/startState/startAgentflow_0");
        assertThat(state.size()).isEqualTo(2);
        assertThat(state.at("/0/key").stringValue()).isEqualTo("person_data");
        assertThat(state.at("/1/key").stringValue()).isEqualTo("prompts_history");
        assertThat(state.at("/1/value").stringValue())
                .contains("already used, avoid: ")
                .containsSubsequence("one \"prompt\"", "another");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        not json                                       | not a JSON object
        {"texts": "x"}                                 | 'text'
        {"text": "no json"}                            | 'text'
        {"text": "{\\"first_prompt\\": \\"x\\"}"}    | 'final_prompt'\
        """)
    @DisplayName("An answer without a prompt is repeated once, and then names the missing field")
    void malformedAnswerNamesTheField(String body, String field) {
        server.always(json(200, body.strip()));

        var failure = failure(writer);

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains(field);
        assertThat(server.calls()).hasSize(2);
    }

    static MockResponse limited() {
        return with(json(429, "{\"message\":\"slow down\"}"), "Retry-After", "0");
    }

    @Test
    void refusalsErrorsAndBrokenConnectionsAreRepeated() {
        server.then(limited(), json(502, "{\"message\":\"bad gateway\"}"), disconnect());
        var calls = new AtomicInteger();
        var run = new GenerationRun(
                "gen_test", 1, (phase, step, steps) -> {}, new Cancellation(), calls::incrementAndGet);

        assertThat(writer.write(FIRST, run)).isEqualTo("Four views of her, number 1");

        assertThat(server.calls()).hasSize(4);
        assertThat(calls).hasValue(4);
    }

    @Test
    void fourthFailureIsTheLast() {
        server.always(json(503, "{\"message\":\"restarting\"}"));

        var failure = failure(writer);

        assertThat(failure.code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(failure.message()).startsWith("Flowise API error: ").contains("restarting");
        assertThat(server.calls()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "400, content_policy_violation, MODERATION_BLOCKED, content_policy_violation",
        "500, Error: 400 safety_violations, MODERATION_BLOCKED, content_policy_violation",
        "400, unknown field, REQUEST_REJECTED, unknown field",
        "401, no, PROVIDER_AUTH, FLOWISE_TOKEN",
        "404, no, NOT_CONFIGURED, FLOWISE_FLOW",
    })
    void refusalIsNotRepeated(int status, String text, Code code, String words) {
        server.always(json(status, "{\"statusCode\":%d,\"message\":\"%s\"}".formatted(status, text)));

        var failure = failure(writer);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).contains(words);
        assertThat(server.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runThatTimedOutIsRepeatedOnlyIfTheSettingsSaySo(boolean retries) {
        server.then(silence(), silence());
        var impatient = writer(
                "timeout", "300ms", "remote.retry.base-interval", "10ms", "retry-timeouts", Boolean.toString(retries));

        if (retries) {
            assertThat(impatient.write(FIRST, SamplePersonas.run())).startsWith("Four views");
            assertThat(server.calls()).hasSize(3);
        } else {
            var failure = failure(impatient);
            assertThat(failure.code()).isEqualTo(Code.PROVIDER_TIMEOUT);
            assertThat(failure.message()).isEqualTo("Flowise prompt generation timed out after 0.3s (timeout)");
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    @DisplayName("A flow may take 120 s without sending a byte, and its retries have time beyond that")
    void flowMayTakeTwoMinutes() {
        var timeouts = SampleSettings.bound(FlowiseProperties.class)
                .settingsWithRetries()
                .timeouts();

        assertThat(timeouts.callTimeout()).hasSeconds(120);
        assertThat(timeouts.readTimeout()).hasSeconds(120);
        assertThat(timeouts.totalTimeout()).isGreaterThan(Duration.ofMinutes(2));
    }

    @Test
    void canceledRunEndsTheCall() {
        var cancellation = new Cancellation();
        server.always(call -> {
            cancellation.request();
            return silence();
        });
        var run = new GenerationRun("gen_test", 1, (phase, step, steps) -> {}, cancellation);

        assertThatThrownBy(() -> writer.write(FIRST, run)).isInstanceOf(GenerationCanceled.class);
    }

    private static Failure failure(PersonaPromptWriter writer) {
        return catchThrowableOfType(GenerationFailed.class, () -> writer.write(FIRST, SamplePersonas.run()))
                .failure();
    }

    private PersonaPromptWriter writer(String... settings) {
        var all = new ArrayList<>(List.of("url", server.url("/base"), "flow", "1234-abcd", "token", "s3cret-token"));
        all.addAll(List.of(settings));
        var properties = SampleSettings.bound(FlowiseProperties.class, all.toArray(String[]::new));
        var client = new ProviderClients(new SimpleMeterRegistry())
                .open("flowise-personas", properties.settingsWithRetries());
        clients.add(client);
        return new FlowisePersonaPrompts(new FlowiseFlow(properties, client));
    }

    private static MockResponse answer(String prompt) {
        var text = JSON.writeValueAsString("{\"final_prompt\": \"%s\"}".formatted(prompt));
        return json(200, "{\"text\": %s}".formatted(text));
    }
}
