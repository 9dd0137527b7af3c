package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands for existing jobs: list, cancel, delete and retry. */
class JobCommandTests {

    private static final String JOB = "/v1/generations/" + ID;

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200, canceled,  is canceled.",
        "200, succeeded, had already ended: succeeded.",
        "202, running,   is running; its worker was asked to stop."
    })
    void printsTheResultOfACancellation(int code, String status, String printed) {
        gateway.on("POST " + JOB + "/cancel", code, SampleJob.job(status, ""));

        var run = run("cancel", ID, "--reason", "wrong prompt");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Job " + ID + " " + printed);
        assertThat(gateway.bodies()).containsExactly("{\"reason\":\"wrong prompt\"}");
    }

    @Test
    void printsTheCanceledJobAsJson() {
        gateway.on("POST " + JOB + "/cancel", 200, SampleJob.job("canceled", ""));

        var run = run("cancel", ID, "--json");

        assertThat(run.json().path("status").asString()).isEqualTo("canceled");
        assertThat(gateway.bodies()).containsExactly("{}");
    }

    @Test
    void endsWithTwoIfTheJobToCancelIsUnknown() {
        gateway.problem("POST " + JOB + "/cancel", 404, """
            {"detail":"No generation has this id.","code":"not-found","retryable":false}\
            """);

        var run = run("cancel", ID, "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.json().at("/error/code").asString()).isEqualTo("not-found");
    }

    @Test
    void reportsThatAJobIsErased() {
        gateway.on("DELETE " + JOB, 204, "");

        var run = run("delete", ID);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Job " + ID + " is erased." + System.lineSeparator());
    }

    @Test
    void reportsThatAJobIsErasedLater() {
        gateway.on("DELETE " + JOB, 202, SampleJob.job("running", ""));

        assertThat(run("delete", ID).out()).contains("will be erased as soon as its worker has stopped");
        assertThat(run("delete", ID, "--json").json().path("erased").asBoolean(true))
                .isFalse();
    }

    @Test
    void listsJobs() {
        gateway.on("GET /v1/generations?limit=20", 200, """
            {"object":"list","has_more":true,"data":[{"id":"%s","status":"queued","created_at":"2026-11-21T10:00:00Z",
             "model":"pocket","request":{"prompt":"a castle with a moat, four towers and\\na very long prompt"}}]}\
            """.formatted(ID));

        var run = run("list");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(ID + "  queued  2026-11-21T10:00:00Z  pocket  a castle with a moat, four towers and...")
                .contains("There are more jobs");
    }

    @Test
    void listsJobsWithAStatusAsJson() {
        gateway.on("GET /v1/generations?limit=5&status=running", 200, "{\"object\":\"list\",\"data\":[]}");

        assertThat(run("list", "--status", "running", "--limit", "5", "--json")
                        .json()
                        .path("data"))
                .isEmpty();
        assertThat(run("list", "--status", "running", "--limit", "5").out()).contains("No jobs found.");
    }

    @Test
    void letsTheGatewayCheckTheLimit() {
        gateway.problem("GET /v1/generations?limit=500", 422, """
            {"detail":"limit: Must be a whole number from 1 to 100.","code":"validation-failed","retryable":false,
             "errors":[{"pointer":"/limit","detail":"Must be a whole number from 1 to 100."}]}\
            """);

        gateway.problem("GET /v1/dead-letters?limit=0", 422, """
            {"detail":"The parameter limit: Must be a whole number from 1 to 100.","code":"validation-failed","retryable":false,
             "errors":[{"parameter":"limit","detail":"Must be a whole number from 1 to 100."}]}\
            """);

        assertThat(run("dead-letters", "list", "--limit", "0").err())
                .contains("atelier: --limit: Must be a whole number from 1 to 100");
        var run = run("list", "--limit", "500");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--limit: Must be a whole number from 1 to 100");
    }

    @Test
    void listsDeadLetters() {
        gateway.on("GET /v1/dead-letters?limit=3", 200, """
            {"object":"list","has_more":false,"data":[
             {"object":"dead_letter","job_id":"%s","task":"generate","attempt":4,"at":"2026-11-21T10:00:00Z",
              "reason":{"code":"poisoned","message":"m"},"topic":"tasks","partition":0,"offset":7},
             {"object":"dead_letter","job_id":null,"task":"","attempt":1,"at":"2026-11-21T09:00:00Z",
              "reason":{"code":"request-rejected","message":"m"},"topic":"tasks","partition":0,"offset":6}]}\
            """.formatted(ID));

        var run = run("dead-letters", "list", "--limit", "3");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "2026-11-21T10:00:00Z " + ID + " generate poisoned tasks-0@7",
                        "2026-11-21T09:00:00Z - - request-rejected tasks-0@6");
    }

    @Test
    void reportsThatThereAreNoDeadLetters() {
        gateway.on("GET /v1/dead-letters?limit=20", 200, "{\"object\":\"list\",\"data\":[],\"has_more\":false}");

        assertThat(run("dead-letters", "list").out()).contains("There are no dead letters.");
        assertThat(run("dead-letters", "list", "--json").json().path("data")).isEmpty();
    }

    @Test
    void retriesADeadLetteredJob() {
        gateway.on("POST " + JOB + "/retry", 202, """
            {"id":"gen_01kb9q4v6ye7m8c3r5t2w0x1zb","status":"queued","terminal":false,"parent_id":"%s"}\
            """.formatted(ID));

        assertThat(run("dead-letters", "retry", ID).out())
                .contains("Created job gen_01kb9q4v6ye7m8c3r5t2w0x1zb as a retry", "./atelier status");
        assertThat(run("dead-letters", "retry", ID, "--json")
                        .json()
                        .path("parent_id")
                        .asString())
                .isEqualTo(ID);
    }

    @Test
    void endsWithTwoIfTheJobToRetryIsRunning() {
        gateway.problem("POST " + JOB + "/retry", 409, """
            {"detail":"The generation is running.","code":"not-terminal","retryable":false}\
            """);

        var run = run("dead-letters", "retry", ID);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("The generation is running. (not-terminal, HTTP 409)");
    }

    @Test
    void endsWithTwoWithoutADeadLettersSubcommand() {
        var run = run("dead-letters");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing subcommand: list or retry (see 'atelier dead-letters --help')");
        assertThat(gateway.requests()).isEmpty();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(folder, Map.of("ATELIER_URL", gateway.url()), arguments);
    }
}
