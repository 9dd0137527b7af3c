package io.atelier.avatarsample.provider;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.PREDICTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedProviderTests {

    private static final int WHITE = 0xFFFFFFFF;
    private static final String GENERATION = """
        {"model":"gpt-image-1.5","prompt":"A selfie. Person: a \\"baker\\" \\ud83e\\udd50.","size":"auto","n":1}\
        """;
    private static final String PERSON =
            "{\"firstname\":\"Ada\",\"lastname\":\"Miller\",\"gender\":\"female\",\"bio_facebook\":\"bakes bread\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private ScriptedProvider provider = ScriptedProvider.start(ProviderScript.immediate());

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void generationHasTheFormOfOpenAiAndDependsOnThePromptOnly() throws Exception {
        var response = generate(GENERATION);
        var other = generate(GENERATION.replace("baker", "sailor"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("x-request-id"))
                .hasValueSatisfying(id -> assertThat(id).startsWith("req_"));
        var body = JsonText.object(response.body());
        assertThat(body)
                .containsKeys("created", "data", "usage")
                .containsEntry("size", "1024x1024")
                .containsEntry("output_format", "png");
        assertThat(JsonText.members(body.get("usage")))
                .containsKeys("total_tokens", "input_tokens", "output_tokens", "input_tokens_details");
        assertThat(image(response).getWidth()).isEqualTo(1024);
        assertThat(png(generate(GENERATION))).isEqualTo(png(response)).isNotEqualTo(png(other));
        assertThat(provider.calls(GENERATIONS)).hasSize(3);
        assertThat(provider.calls().get(0).text()).isEqualTo("A selfie. Person: a \"baker\" \ud83e\udd50.");
        assertThat(provider.calls().get(0).names()).containsExactly("model", "prompt", "size", "n");
        assertThat(provider.calls().get(0).body()).isEqualTo(GENERATION.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void editIsAGridOfFourViewsOfTheImageThatWasSent() throws Exception {
        var base = png(generate(GENERATION));
        var other = png(generate(GENERATION.replace("baker", "sailor")));

        var grid = image(edit(base, "four views"));

        assertThat(grid.getWidth()).isEqualTo(1024);
        for (int at : List.of(0, 11, 504, 519, 1012, 1023)) {
            for (int i = 0; i < 1024; i++) {
                assertThat(grid.getRGB(at, i)).isEqualTo(WHITE);
                assertThat(grid.getRGB(i, at)).isEqualTo(WHITE);
            }
        }
        for (int edge : List.of(12, 503, 520, 1011)) {
            assertThat(grid.getRGB(edge, 256)).isNotEqualTo(WHITE);
            assertThat(grid.getRGB(256, edge)).isNotEqualTo(WHITE);
        }
        assertThat(cells(grid)).doesNotHaveDuplicates().hasSize(4);
        assertThat(cells(image(edit(other, "four views")))).doesNotContainAnyElementsOf(cells(grid));
    }

    @Test
    void secondEqualEditGivesAnotherGridAndEveryProviderTheSameOnes() throws Exception {
        var base = png(generate(GENERATION));
        var grids = List.of(text(edit(base, "four views")), text(edit(base, "four views")));
        assertThat(grids).doesNotHaveDuplicates();

        provider.close();
        provider = ScriptedProvider.start(ProviderScript.immediate());

        assertThat(List.of(text(edit(base, "four views")), text(edit(base, "four views"))))
                .isEqualTo(grids);
    }

    @Test
    void formOfAnEditIsRemembered() throws Exception {
        var base = png(generate(GENERATION));

        edit(base, "four views, \u00e9");

        var call = provider.calls(EDITS).get(0);
        assertThat(call.names()).containsExactly("prompt", "model", "n", "size", "image[]");
        assertThat(call.fields()).containsEntry("prompt", "four views, \u00e9").containsEntry("n", "1");
        assertThat(call.files()).singleElement().satisfies(file -> {
            assertThat(file.fileName()).isEqualTo("base_image.png");
            assertThat(file.contentType()).isEqualTo("image/png");
            assertThat(file.bytes()).isEqualTo(base);
            assertThat(file.sha256()).isEqualTo(FormFile.sha256(base)).hasSize(64);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {'model':'gpt-image-1.5'}                                      | 400 | missing_required_parameter
        {'model':'gpt-image-1.5','prompt':'x','response_format':'url'} | 400 | unknown_parameter
        {'model':'gpt-image-1.5','prompt':'x','size':'512x512'}        | 400 | invalid_value
        {'model':'gpt-image-1.5','prompt':'x','n':11}                  | 400 | invalid_value
        {'model':'dall-e-2','prompt':'x'}                              | 404 | model_not_found
        {'model':                                                      | 400 | invalid_json
        """)
    void whatOpenAiRefusesIsRefused(String body, int status, String code) throws Exception {
        var response = generate(body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JsonText.members(JsonText.object(response.body()).get("error")))
                .containsEntry("code", code);
    }

    @Test
    void callWithoutKeyIsRefused() throws Exception {
        var request = request("/v1/images/generations", "application/json").POST(BodyPublishers.ofString(GENERATION));

        assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void editWithoutAnImageIsRefused() throws Exception {
        assertThat(edit("no image".getBytes(StandardCharsets.UTF_8), "four views")
                        .body())
                .contains("invalid_image_file");
        assertThat(post("/v1/images/edits", "application/json", "{\"model\":\"gpt-image-1.5\",\"prompt\":\"x\"}")
                        .body())
                .contains("Missing required parameter: 'image'");
    }

    @Test
    void flowWritesAPromptOfThePersonInItsState() throws Exception {
        var response = predict(state("person_data", PERSON));

        assertThat(response.statusCode()).isEqualTo(200);
        var result = JsonText.object(response.body());
        assertThat(result).containsEntry("question", "go").containsKeys("text", "chatId", "chatMessageId");
        assertThat(finalPrompt(response)).contains("2 x 2 grid", "Ada Miller, female. bakes bread");
        assertThat(provider.calls(PREDICTIONS)).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/api/v1/prediction/1234-abcd");
            assertThat(call.text()).isEqualTo(PERSON);
        });
    }

    @Test
    void flowThatIsNotGivenItsStateRunsOnDefaults() throws Exception {
        var response = predict("{\"question\":\"go\",\"overrideConfig\":{\"person_data\":" + PERSON + "}}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(finalPrompt(response)).contains("Person: an adult.").doesNotContain("Ada");
    }

    @Test
    void flowAvoidsTheScenesOfEarlierPrompts() throws Exception {
        var first = finalPrompt(predict(state("person_data", PERSON)));

        var second =
                finalPrompt(predict(state("person_data", PERSON, "prompts_history", "already used, avoid: " + first)));
        var third = finalPrompt(
                predict(state("person_data", PERSON, "prompts_history", "already used, avoid: " + first + second)));

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    }

    @Test
    void callsAreCountedByPersonaAlsoIfOnlyTheirImageSaysWhichItIs() throws Exception {
        var baker = png(generate(GENERATION));
        var sailor = png(generate(GENERATION.replace("baker", "sailor")));

        edit(baker, "four views");
        edit(baker, "four views");
        edit(sailor, "four views");
        predict(state("person_data", PERSON));

        assertThat(provider.calls(GENERATIONS, "baker")).hasSize(1);
        assertThat(provider.calls(EDITS, "baker")).hasSize(2);
        assertThat(provider.calls(EDITS, "sailor")).hasSize(1);
        assertThat(provider.calls(PREDICTIONS, "bakes bread")).hasSize(1);
        assertThat(provider.calls(PREDICTIONS, "sailor")).isEmpty();
    }

    @Test
    void firstAnswersAreUsedInOrderAndThenTheOrdinaryOne() throws Exception {
        restart(ProviderScript.immediate()
                .withFirstAnswers(
                        GENERATIONS,
                        ScriptedAnswer.rateLimit(Duration.ofSeconds(1)),
                        ScriptedAnswer.ordinary(),
                        ScriptedAnswer.serverError()));

        var limited = generate(GENERATION);

        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("1");
        assertThat(generate(GENERATION).statusCode()).isEqualTo(200);
        assertThat(generate(GENERATION).statusCode()).isEqualTo(500);
        assertThat(generate(GENERATION).statusCode()).isEqualTo(200);
    }

    @Test
    void onePersonaCanBeRefusedAlways() throws Exception {
        restart(ProviderScript.immediate()
                .withAnswerTo(GENERATIONS, "baker", ScriptedAnswer.moderation("moderation_blocked")));

        for (int i = 0; i < 2; i++) {
            var refused = generate(GENERATION);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("\"code\":\"moderation_blocked\"", "safety_violations=");
        }
        assertThat(generate(GENERATION.replace("baker", "sailor")).statusCode()).isEqualTo(200);
    }

    @Test
    void answerComesAfterTheDelayAndCallsOverlap() throws Exception {
        restart(ProviderScript.immediate()
                .withDelay(GENERATIONS, Duration.ofMillis(300))
                .withSide(64));

        var first = http.sendAsync(generation(GENERATION), BodyHandlers.ofString());
        var second = http.sendAsync(generation(GENERATION), BodyHandlers.ofString());
        first.join();
        second.join();
        generate(GENERATION);

        var calls = provider.calls(GENERATIONS);
        for (var call : calls) {
            assertThat(call.endNanos().orElseThrow() - call.startNanos()).isGreaterThanOrEqualTo(300_000_000L);
        }
        assertThat(calls.get(0).startedAfter(calls.get(1))).isFalse();
        assertThat(calls.get(2).startedAfter(calls.get(0))).isTrue();
        assertThat(calls.get(2).overlaps(calls.get(1))).isFalse();
    }

    @Test
    void callsAreAnsweredWhenSoManyAreUnderWay() throws Exception {
        restart(ProviderScript.immediate()
                .withBarrier(2, GENERATIONS, PREDICTIONS)
                .withSide(64));

        var alone = http.sendAsync(generation(GENERATION), BodyHandlers.ofString());
        assertThat(alone).isNotCompleted();
        var prompt = predict(state("person_data", PERSON));

        assertThat(prompt.statusCode()).isEqualTo(200);
        assertThat(alone.join().statusCode()).isEqualTo(200);
        assertThat(provider.calls().get(0).overlaps(provider.calls().get(1))).isTrue();
    }

    @Test
    void connectionCanBeClosedOrStaySilent() {
        restart(ProviderScript.immediate()
                .withFirstAnswers(GENERATIONS, ScriptedAnswer.hangUp(), ScriptedAnswer.silence()));

        assertThatThrownBy(() -> generate(GENERATION)).isInstanceOf(IOException.class);
        var silent = HttpRequest.newBuilder(generation(GENERATION), (name, value) -> true)
                .timeout(Duration.ofMillis(300))
                .build();
        assertThatThrownBy(() -> http.send(silent, BodyHandlers.ofString())).hasMessageContaining("timed out");
        assertThat(provider.calls(GENERATIONS)).hasSize(2);
        assertThat(provider.calls(GENERATIONS).get(1).endNanos()).isEmpty();
    }

    @Test
    void sideOfTheImagesIsAnArgument() throws Exception {
        restart(ProviderScript.immediate().withSide(256));

        assertThat(image(generate(GENERATION)).getWidth()).isEqualTo(256);
        assertThatThrownBy(() -> ProviderScript.immediate().withSide(100)).hasMessageContaining("multiple of 64");
    }

    private void restart(ProviderScript script) {
        provider.close();
        provider = ScriptedProvider.start(script);
    }

    private HttpResponse<String> generate(String body) throws IOException, InterruptedException {
        return http.send(generation(body), BodyHandlers.ofString());
    }

    private HttpRequest generation(String body) {
        return request("/v1/images/generations", "application/json")
                .header("Authorization", "Bearer a-key")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> predict(String body) throws IOException, InterruptedException {
        return post("/api/v1/prediction/1234-abcd", "application/json", body);
    }

    private HttpResponse<String> edit(byte[] image, String prompt) throws IOException, InterruptedException {
        var form = new ByteArrayOutputStream();
        var texts = new LinkedHashMap<String, String>();
        texts.put("prompt", prompt);
        texts.put("model", "gpt-image-1.5");
        texts.put("n", "1");
        texts.put("size", "auto");
        texts.forEach((name, value) -> write(form, "--b", disposition(name), "", value));
        write(form, "--b", disposition("image[]") + "; filename=\"base_image.png\"", "Content-Type: image/png", "");
        form.writeBytes(image);
        write(form, "", "--b--");
        var request = request("/v1/images/edits", "multipart/form-data; boundary=b")
                .header("Authorization", "Bearer a-key")
                .POST(BodyPublishers.ofByteArray(form.toByteArray()));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String disposition(String name) {
        return "Content-Disposition: form-data; name=\"%s\"".formatted(name);
    }

    private static void write(ByteArrayOutputStream form, String... lines) {
        for (var line : lines) {
            form.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        var request =
                request(path, type).header("Authorization", "Bearer a-key").POST(BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String type) {
        return HttpRequest.newBuilder(URI.create(provider.flowiseUrl() + path)).header("Content-Type", type);
    }

    private static String state(String... keysAndValues) {
        var entries = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.append(i == 0 ? "" : ",")
                    .append(JsonText.write(Map.of("key", keysAndValues[i], "value", keysAndValues[i + 1])));
        }
        return "{\"question\":\"go\",\"overrideConfig\":{\"startState\":{\"startAgentflow_0\":[%s]}}}"
                .formatted(entries);
    }

    private static String finalPrompt(HttpResponse<String> response) {
        var text = String.valueOf(JsonText.object(response.body()).get("text"));
        return String.valueOf(JsonText.object(text).get("final_prompt"));
    }

    private static String text(HttpResponse<String> response) {
        assertThat(JsonText.object(response.body()).get("data"))
                .asInstanceOf(LIST)
                .hasSize(1);
        return response.body().replaceAll("(?s).*\"b64_json\":\"([^\"]*)\".*", "$1");
    }

    private static byte[] png(HttpResponse<String> response) {
        return Base64.getDecoder().decode(text(response));
    }

    private static BufferedImage image(HttpResponse<String> response) {
        return ScriptedImages.read(png(response)).orElseThrow();
    }

    private static List<String> cells(BufferedImage grid) {
        return List.of(
                ScriptedImages.digest(grid.getSubimage(12, 12, 492, 492)),
                ScriptedImages.digest(grid.getSubimage(520, 12, 492, 492)),
                ScriptedImages.digest(grid.getSubimage(12, 520, 492, 492)),
                ScriptedImages.digest(grid.getSubimage(520, 520, 492, 492)));
    }
}
