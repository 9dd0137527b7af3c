package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The caption of a generation, for chats. */
@GatewayHttpTest
class CaptionHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Test
    void captionNamesModelAndPrompt() {
        assertThat(caption(succeeded("a <b>castle</b> & \"more\"")).asString())
                .isEqualTo("Model: pocket\nPrompt: a &lt;b&gt;castle&lt;/b&gt; &amp; &quot;more&quot;");
    }

    @Test
    void captionOfARewrittenPromptNamesItsModel() {
        var job = JobBuilder.of(succeeded("a castle"))
                .enhancement(new Job.Enhancement("gemini", "A castle in the evening sun", 3_250))
                .job();

        assertThat(caption(job).asString())
                .isEqualTo("Model: pocket\nPrompt rewritten by: gemini\nPrompt: A castle in the evening sun");
    }

    @Test
    void promptThatWasNotRewrittenIsThatOfTheClient() {
        var job = JobBuilder.of(succeeded("a castle"))
                .enhancement(new Job.Enhancement(Job.Enhancement.NONE, null, 5_000))
                .job();

        assertThat(caption(job).asString()).isEqualTo("Model: pocket\nPrompt: a castle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "<", "&", "\ud83d\ude00", "\u00e4"})
    void captionHasAtMost1024CharactersAndIsNeverCutWithinOne(String character) {
        var caption = caption(succeeded(character.repeat(2_000))).asString();

        assertThat(caption.length()).isBetween(1024 - 6, 1024);
        assertThat(caption).endsWith("\u2026");
        var prompt = caption.substring(caption.indexOf("Prompt: ") + 8, caption.length() - 1);
        var escaped = character.replace("&", "&amp;").replace("<", "&lt;");
        assertThat(prompt).isEqualTo(escaped.repeat(prompt.length() / escaped.length()));
    }

    @Test
    void captionThatFitsExactlyIsWhole() {
        int room = 1024 - "Model: pocket\nPrompt: ".length();

        assertThat(caption(succeeded("x".repeat(room))).asString())
                .hasSize(1024)
                .endsWith("x");
        assertThat(caption(succeeded("x".repeat(room + 1))).asString())
                .hasSize(1024)
                .endsWith("\u2026");
    }

    @ParameterizedTest
    @EnumSource(value = JobStatus.class, names = "SUCCEEDED", mode = EnumSource.Mode.EXCLUDE)
    void onlyJobsThatSucceededHaveOne(JobStatus status) {
        assertThat(caption(SampleJobs.in(status)).isMissingNode()).isTrue();
    }

    private static Job succeeded(String prompt) {
        var job = SampleJobs.succeeded(new byte[] {1});
        return JobBuilder.of(job)
                .request(job.request().toBuilder().prompt(prompt).build())
                .job();
    }

    private JsonNode caption(Job job) {
        jobs.show(job);
        var body = client.get()
                .uri("/v1/generations/" + job.id())
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return new JsonMapper().readTree(Objects.requireNonNull(body)).path("caption");
    }
}
