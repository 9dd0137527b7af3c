package io.atelier.generator.engine.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorkflowTests {

    private static final String SETTING = "io.atelier.engines.comfyui.servers.gpu.workflow";

    @TempDir
    private Path folder;

    @Test
    void standardWorkflowTakesAllParameters() {
        var workflow = Workflow.load(Workflow.STANDARD, SETTING);

        var graph = sent(
                workflow.fill(EngineRequests.of(1, 7).model("dream.safetensors").request(), 9, Map.of()));

        var sampler = graph.path("sampler").path("inputs");
        assertThat(sampler.path("seed").isIntegralNumber()).isTrue();
        assertThat(sampler.path("seed").asLong()).isEqualTo(9);
        assertThat(sampler.path("steps").asInt()).isEqualTo(4);
        assertThat(sampler.path("cfg").asDouble()).isEqualTo(6.5);
        assertThat(graph.path("canvas").path("inputs").path("width").isIntegralNumber())
                .isTrue();
        assertThat(graph.path("checkpoint").path("inputs").path("ckpt_name").asString())
                .isEqualTo("dream.safetensors");
        assertThat(graph.path("wanted").path("inputs").path("text").asString()).isEqualTo("a \"blue\" cube");
        assertThat(graph.path("unwanted").path("inputs").path("text").asString())
                .isEqualTo("red");
        assertThat(workflow.capabilities())
                .containsExactlyInAnyOrder(
                        Capability.SIZE,
                        Capability.SEED,
                        Capability.STEPS,
                        Capability.GUIDANCE,
                        Capability.NEGATIVE_PROMPT,
                        Capability.PROGRESS,
                        Capability.CANCEL);
    }

    @Test
    void promptCannotBreakOutOfItsString() throws IOException {
        var hostilePrompt = "\"}, \"x\": {{seed}} {{model}} $1 \\ {{prompt}}";
        var workflow = workflow("best, {{prompt}}, {{seed}}");

        var graph = sent(workflow.fill(EngineRequests.of(1, 7).request().withPrompt(hostilePrompt), 9, Map.of()));

        assertThat(graph.size()).isEqualTo(1);
        assertThat(graph.path("a").path("inputs").path("text").asString()).isEqualTo("best, " + hostilePrompt + ", 9");
    }

    @Test
    void defaultsOfTheWorkflowApplyToOpenParameters() throws IOException {
        var request = EngineRequests.of(1, 7).steps(null).request();

        assertThat(text(workflow("{{prompt}} {{steps:25}}"), request)).endsWith(" 25");
        assertThat(sent(workflow("{{prompt}}", "{{steps:25}}").fill(request, 1, Map.of()))
                        .path("b")
                        .path("inputs")
                        .path("text")
                        .isIntegralNumber())
                .isTrue();
        var thrown =
                catchThrowableOfType(GenerationFailed.class, () -> text(workflow("{{prompt}} {{steps}}"), request));
        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(thrown.failure().message()).contains("'steps'").contains("{{steps:...}}");
    }

    @Test
    void capabilitiesFollowFromThePlaceholders() throws IOException {
        assertThat(workflow("{{prompt}}").capabilities())
                .containsExactlyInAnyOrder(Capability.PROGRESS, Capability.CANCEL);
        // The images of one run share its seed.
        assertThat(workflow("{{prompt}} {{seed}} {{n}}").capabilities()).doesNotContain(Capability.SEED);
        assertThat(workflow("{{prompt}} {{image}} {{mask:none.png}} {{strength:0.8}}")
                        .capabilities())
                .contains(Capability.EDIT, Capability.MASK, Capability.STRENGTH);
        assertThat(workflow("{{prompt}} {{image}} {{image_2}} {{image_16:none.png}}")
                        .maxSources())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{promt}} {{prompt}}  | placeholder {{promt}} is unknown",
                "no name               | no placeholder {{prompt}}",
            })
    void unusablePlaceholdersAreRejected(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workflow(text))
                .withMessageContaining(SETTING)
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"nodes\":[],\"links\":[]} | Export (API)",
                "[]                          | not a JSON object",
                "{{{                         | not JSON",
            })
    void fileThatIsNoWorkflowIsRejected(String content, String reason) throws IOException {
        var file = Files.writeString(folder.resolve("w.json"), content);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.load(file.toString(), SETTING))
                .withMessageContaining(SETTING)
                .withMessageContaining(reason);
    }

    @Test
    void missingFileIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.load(folder.resolve("none.json").toString(), SETTING))
                .withMessageContaining("cannot be read");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workflow.load("classpath:none.json", SETTING))
                .withMessageContaining("resource does not exist");
    }

    private Workflow workflow(String... texts) throws IOException {
        var mapper = new JsonMapper();
        var graph = mapper.createObjectNode();
        for (int i = 0; i < texts.length; i++) {
            var node = graph.putObject(String.valueOf((char) ('a' + i))).put("class_type", "Text");
            node.putObject("inputs").put("text", texts[i]);
        }
        var file = Files.writeString(folder.resolve("workflow.json"), mapper.writeValueAsString(graph));
        return Workflow.load(file.toString(), SETTING);
    }

    private static String text(Workflow workflow, io.atelier.contract.job.GenerationRequest request) {
        return sent(workflow.fill(request, 1, Map.of()))
                .path("a")
                .path("inputs")
                .path("text")
                .asString();
    }

    /** The graph as the server receives it. */
    private static JsonNode sent(JsonNode graph) {
        var mapper = new JsonMapper();
        return mapper.readTree(mapper.writeValueAsString(graph));
    }
}
