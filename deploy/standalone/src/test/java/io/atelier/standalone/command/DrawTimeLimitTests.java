package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static io.atelier.standalone.command.SampleJob.STATUS;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code draw --timeout} ends in time and says what is the matter, whatever hangs. */
@Tag("processes")
@Timeout(60)
class DrawTimeLimitTests {

    private static final String READY = "GET /readyz";
    private static final String NO_BROKER = """
        {"detail":"The gateway is not ready.","checks":{"view":true,"broker":false,"accepting":true},"retryable":true}\
        """;

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void saysThatNoBrokerAnswersInsteadOfStarting() {
        register(gateway.url());
        gateway.problem(READY, 503, NO_BROKER);

        var run = draw("2s");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains("no Kafka broker answers", "No job was created")
                .doesNotContain("Starting");
    }

    @Test
    void givesUpOnASystemThatAcceptsConnectionsAndNeverAnswers() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("http://127.0.0.1:" + silent.getLocalPort());
            long start = System.nanoTime();

            var run = draw("2s");

            assertThat(run.exitCode()).isEqualTo(4);
            assertThat(run.err()).contains("it does not answer within");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void saysWhyAnAcceptedJobDoesNotGoOn() {
        register(gateway.url());
        gateway.on(READY, 200, "{}")
                .problem(READY, 503, NO_BROKER)
                .on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("queued", ""));

        var run = draw("8s");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains(
                        "Job " + ID + " is still queued after 8 s; the gateway is not ready: no Kafka broker answers");
    }

    @Test
    void saysThatNoWorkerCanDoTheJob() {
        register(gateway.url());
        gateway.on(READY, 200, "{}")
                .on(SUBMIT, 202, job("queued", ""))
                .on(
                        STATUS,
                        200,
                        job("running", "").replace("\"stage\":\"\"", "\"stage\":\"waiting_for_capable_worker\""));

        var run = draw("4s");

        assertThat(run.err())
                .containsSubsequence(
                        "running, waiting for a worker to start",
                        "running, waiting for a worker that can do it (none runs; see './atelier workers')");
    }

    @Test
    void saysSoonThatNoSplitterRunsAlthoughTheImageIsStillBeingGenerated() {
        register(gateway.url());
        var running = job("running", "").replaceFirst("\\{", "{\"request\":{\"grid\":{\"layout\":\"2x2\"}},");
        gateway.on(READY, 200, "{}").on(SUBMIT, 202, running).on(STATUS, 200, running);
        gateway.on("GET /v1/workers", 200, """
            {"data":[{"kind":"generator","status":"busy"},{"kind":"splitter","status":"lost"}]}\
            """);

        var run = draw("4s");

        assertThat(run.err()).contains("no splitter runs", "./atelier up --parts splitter");
    }

    @Test
    void silenceShorterThanASecondIsNoReason() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var address = URI.create("http://127.0.0.1:" + silent.getLocalPort());

            var readiness = new GatewayClient(address, new Deadline(Duration.ofMillis(300))).readiness();

            assertThat(readiness.isReady()).isFalse();
            assertThat(readiness.isKnown()).isFalse();
        }
    }

    @Test
    void saysThatTheDiskIsFull() {
        register(gateway.url());
        gateway.problem(READY, 503, NO_BROKER.replace("\"broker\":false", "\"broker\":true,\"disk\":false"));

        assertThat(draw("5s").err()).contains("its disk has too little free space");
    }

    @Test
    void saysWhatTheGatewaySaysOfAnyCheck() {
        register(gateway.url());
        gateway.problem(READY, 503, NO_BROKER.replace("\"broker\":false", "\"broker\":true,\"quota\":false"))
                .on("GET /v1/queue", 200, """
                    {"notices":["The quota of the store is used up: new generations are refused. Raise it."]}\
                    """);

        var run = draw("3s");

        assertThat(run.err())
                .contains(
                        "Waiting for Atelier: the quota of the store is used up: new generations are refused. Raise it (")
                .contains(
                        "s: the quota of the store is used up: new generations are refused. Raise it. No job was created")
                .doesNotContain("its check");
    }

    @Test
    void namesAFailedCheckThatTheGatewaySaysNothingOf() {
        register(gateway.url());
        gateway.problem(READY, 503, NO_BROKER.replace("\"view\":true", "\"view\":false,\"quota\":false"))
                .on("GET /v1/queue", 200, "{\"notices\":[\"The disk is nearly full.\"]}");

        assertThat(draw("2s").err())
                .contains(
                        "it has not yet read all jobs, and its check 'quota' fails, and no Kafka broker answers. The disk is nearly full (");
    }

    @Test
    void saysWhyAnAcceptedJobWaitsAlthoughTheGatewayIsReady() {
        register(gateway.url());
        gateway.on(READY, 200, "{\"status\":\"degraded\"}")
                .on("GET /v1/queue", 200, "{\"notices\":[\"The image store is not available. Start it.\"]}")
                .on(SUBMIT, 202, job("running", ""))
                .on(STATUS, 200, job("running", ""));

        assertThat(draw("7s").err())
                .contains("is still running after 7 s; the image store is not available. Start it. It goes on");
    }

    @Test
    void endOfTheTimeDoesNotReplaceTheReason() throws IOException {
        register(gateway.url());
        gateway.problem(READY, 503, NO_BROKER).silent(READY);

        var run = draw("3s");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains("is not ready after 3 s: no Kafka broker answers. No job was created")
                .doesNotContain("does not answer within");
    }

    @Test
    void endOfTheTimeDoesNotReplaceTheReasonWhyAJobIsNotAccepted() {
        register(gateway.url());
        gateway.on(READY, 200, "{}").problem(SUBMIT, 503, """
                {"detail":"Kafka is away.","code":"broker-unavailable","retryable":true}""").silent(SUBMIT);

        assertThat(draw("3s").err()).contains("The timeout of 3 s is over", "the last response was: Kafka is away.");
    }

    @Test
    void silenceOfTheUsualTimeIsANewReason() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var base = URI.create("http://127.0.0.1:" + silent.getLocalPort());

            var first = new GatewayClient(base, new Deadline(Duration.ofSeconds(60))).readiness();
            var second = new GatewayClient(base, new Deadline(Duration.ofMillis(1500))).readiness();

            assertThat(first.orEarlier(second)).isSameAs(first);
            assertThat(second.orEarlier(first)).isSameAs(first);
            assertThat(first.reason()).contains("it does not answer within 5 s");
        }
    }

    @Test
    void fileThatCannotBeUsedIsNoInternalError() throws IOException {
        Files.createDirectories(folder.resolve("data/s3-keys.properties"));

        var run = CommandRun.of(folder.resolve("data"), Map.of("ATELIER_HTTP_PORT", "0"), "up");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("s3-keys.properties").doesNotContain("Internal error");
    }

    private void register(String url) {
        new RunningProcesses(new DataFolder(folder.resolve("data")).create())
                .add(RunningProcess.current(List.of("gateway"), url, null, null));
    }

    private CommandRun draw(String timeout) {
        return CommandRun.of(
                folder.resolve("data"),
                Map.of(),
                "draw",
                "a snowman",
                "--timeout",
                timeout,
                "-o",
                folder.resolve("snowman.png").toString());
    }
}
