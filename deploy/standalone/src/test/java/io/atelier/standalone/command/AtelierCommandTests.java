package io.atelier.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtelierCommandTests {

    private static final String ID = "gen_01kb9q4v6ye7m8c3r5t2w0x1za";

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"202, false, The workers free the memory of sdxl", "200, true, No worker has sdxl in memory."})
    void asksTheWorkersToUnloadAModel(int status, boolean unloaded, String printed) {
        gateway.on("POST /v1/models/sdxl/unload", status, "{\"id\":\"sdxl\",\"unloaded\":" + unloaded + "}");

        var run = run("models", "unload", "sdxl", "--url", gateway.url());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith(printed);
    }

    @Test
    void documentsEveryExitCode() {
        var text = run("--help").out().replaceAll("\\s+", " ");

        for (var code : ExitCode.values()) {
            assertThat(text).contains(" " + code.code() + " " + code.meaning());
        }
    }

    @Test
    void endsWithTwoWithoutASubcommand() {
        var run = run();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("Missing subcommand, such as draw, up, down, status, list or cancel (see 'atelier --help')");
    }

    @Test
    void endsWithTwoOnAnUnknownSubcommand() {
        assertThat(run("paint").exitCode()).isEqualTo(2);
        assertThat(run("drew", "a castle").err()).contains("'drew' is not a command. Did you mean: draw?");
        assertThat(run("a castle").err()).contains("Did you mean: draw \"a castle\"?");
        assertThat(run("frobnicate").err())
                .contains("'frobnicate' is not a command.")
                .doesNotContain("Did you mean");
    }

    @Test
    void helpShowsTheHelpOfASubcommand() {
        assertThat(run("help", "draw").out())
                .isEqualTo(run("draw", "--help").out())
                .contains("--seed");
        assertThat(run("help", "dead-letters", "retry").out()).contains("atelier dead-letters retry");
        assertThat(run("help").out()).contains("completion");
        assertThat(run("help", "drew").err()).contains("'drew' is not a command. Did you mean: draw?");
    }

    @Test
    void printsACompletionScript() {
        var run = run("completion");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("complete -F _complete_atelier", "--seed", "dead-letters");
    }

    @Test
    void showsTheStateOfAJob() {
        gateway.on("GET /v1/generations/" + ID, 200, """
            {"id":"%s","status":"running","stage":"generating","terminal":false,"model":"pocket","attempt":1,
             "max_attempts":3,"created_at":"2026-11-21T10:00:00Z","progress":{"fraction":0.42},
             "request":{"prompt":"a fox"},"images":[],"error":null}\
            """.formatted(ID));

        var run = run("status", ID, "--url", gateway.url());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("status     running", "progress   42 %", "prompt     a fox", "attempt    1 of 3");
    }

    @Test
    void endsWithTwoForAnUnknownJob() {
        gateway.problem("GET /v1/generations/gen_x", 404, """
            {"detail":"No generation has the id gen_x.","code":"not-found","retryable":false}\
            """);

        var run = run("status", "gen_x", "--url", gateway.url());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("No generation has the id gen_x. (not-found, HTTP 404)");
    }

    @Test
    void leavesAnEmptyPromptToTheGateway() {
        gateway.problem("POST /v1/generations", 422, """
            {"detail":"/prompt: must not be empty","code":"validation-failed","retryable":false,
             "errors":[{"pointer":"/prompt","detail":"must not be empty"}]}\
            """);

        var run = run("draw", "", "--url", gateway.url(), "-o", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("atelier: PROMPT: must not be empty (validation-failed, HTTP 422)");
    }

    @Test
    void encodesIdsInTheUrl() {
        var run = run("status", "a b/../c?d", "--url", gateway.url());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(gateway.requests()).containsExactly("GET /v1/generations/a+b%2F..%2Fc%3Fd");
    }

    @Test
    void listsModelsWhoseFoldersCannotBeUsed() {
        gateway.on(
                "GET /v1/models",
                200,
                "{\"data\":[{\"id\":\"whole\",\"engine\":\"local/whole\",\"state\":\"not_configured\"}]}");
        gateway.on("GET /v1/capabilities", 200, """
            {"providers":{"local/whole":{"state":"not_configured","detail":"No memory."},
             "local/sd15":{"state":"not_configured","detail":"The folder has no unet."},
             "local/good":{"state":"ready","detail":""},"flux":{"state":"not_configured","detail":"Set FLUX_WORKER_URL."}}}\
            """);

        assertThat(run("models", "--url", gateway.url()).out())
                .contains("2 more models need a setting or a worker; list them with --all.")
                .doesNotContain("sd15");
        assertThat(run("models", "--all", "--url", gateway.url()).out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("sd15 local/sd15 not configured - - The folder has no unet.")
                .noneMatch(line -> line.startsWith("good") || line.startsWith("flux"))
                .filteredOn(line -> line.startsWith("whole"))
                .hasSize(1);
    }

    @Test
    void listsModels() {
        gateway.on("GET /v1/capabilities", 200, "{}");
        gateway.on("GET /v1/models", 200, """
            {"object":"list","data":[{"id":"pocket","engine":"onnx","standard":true,"description":"Generates stickers. No photographs.",
             "state":"ready","state_detail":"","limits":{"n":4},"defaults":{"size":"512x512"}},
             {"id":"flux","engine":"cloudflare-flux","standard":false,"description":"FLUX. Elsewhere.",
             "state":"not_configured","state_detail":"Set FLUX_WORKER_URL.","limits":{"n":4},"defaults":{"size":"512x512"}}]}\
            """);

        assertThat(run("models", "--url", gateway.url()).out())
                .contains("pocket *  onnx    ready  512x512  4    Generates stickers.")
                .contains("1 more models need a setting or a worker; list them with --all.")
                .doesNotContain("photographs", "flux");
        assertThat(run("models", "--all", "--url", gateway.url()).out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("flux cloudflare-flux not configured 512x512 4 Set FLUX_WORKER_URL.");
        assertThat(run("models", "--json", "--url", gateway.url()).json().path("data"))
                .hasSize(2);
    }

    @Test
    void modelThatItsMakerShutsDownIsListedWithItsReplacement() {
        gateway.on("GET /v1/capabilities", 200, "{}");
        gateway.on("GET /v1/models", 200, """
            {"object":"list","data":[{"id":"old","engine":"openai","standard":false,"description":"The new one. Fine.","state":"ready",
             "state_detail":"","limits":{"n":10},"defaults":{"size":"1024x1024"},"deprecated":true,"shutdown_date":"2026-10-23",
             "replaced_by":"new"}]}\
            """);

        assertThat(run("models", "--url", gateway.url()).out())
                .contains("old    openai  ready  1024x1024  10   Its maker shuts it down on 2026-10-23: use new.");
    }

    @Test
    void listsWorkers() {
        gateway.on("GET /v1/workers", 200, """
            {"object":"list","data":[
             {"id":"gpu-1","kind":"generator","pool":"default","engines":["pocket"],"models":["pocket"],"device":"cpu","slots":2,
              "running":1,"running_beside_slots":3,"status":"busy","last_seen_at":"2026-11-21T10:00:00Z"},
             {"id":"cut-1","kind":"splitter","pool":"","engines":[],"models":[],"device":"cpu","slots":1,"running":0,
              "status":"lost","last_seen_at":"2026-11-21T09:59:00Z"}]}\
            """);

        var run = run("workers", "--url", gateway.url());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "gpu-1 generator busy 1 of 2 + 3 cpu default pocket 2026-11-21T10:00:00Z",
                        "cut-1 splitter lost 0 of 1 cpu - - 2026-11-21T09:59:00Z");
        assertThat(run("workers", "--json", "--url", gateway.url()).json().path("data"))
                .hasSize(2);
    }

    @Test
    void reportsThatThereAreNoWorkers() {
        gateway.on("GET /v1/workers", 200, "{\"object\":\"list\",\"data\":[]}");

        assertThat(run("workers", "--url", gateway.url()).out())
                .contains("No workers found. Start one with './atelier up --parts generator'.");
    }

    @Test
    void showsQueueLengthsAndEstimates() {
        gateway.on("GET /v1/queue", 200, """
            {"object":"queue","queued":3,"running":1,"oldest_seconds":12.4,"pools":[],"models":[
             {"model":"pocket","pool":"default","lane":"standard","queued":3,"running":1,"oldest_seconds":12.4,"eta_seconds":7},
             {"model":"flux","pool":"gpu","lane":"standard","queued":0,"running":0}]}\
            """);

        var run = run("queue", "--url", gateway.url());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("pocket default 3 1 12 s 7 s", "flux gpu 0 0 - -");
        assertThat(run("queue", "--json", "--url", gateway.url())
                        .json()
                        .path("queued")
                        .asInt(0))
                .isEqualTo(3);
    }

    @Test
    void findsTheGatewayThatRunsFromTheDataFolder() {
        gateway.on("GET /v1/models", 200, "{\"data\":[]}");
        gateway.on("GET /v1/capabilities", 200, "{}");
        register(RunningProcess.current(List.of("gateway"), gateway.url(), null, null));

        assertThat(run("models").exitCode()).isZero();
    }

    @Test
    void endsWithThreeWhenNothingRuns() {
        var run = run("models");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("No system runs from " + folder, "./atelier up", "--url");
    }

    @Test
    void stopsARunningProcess() throws IOException, InterruptedException {
        var child = new ProcessBuilder("sleep", "60").start();
        register(new RunningProcess(
                child.pid(), child.info().startInstant().orElseThrow(), List.of("gateway"), null, null, null));

        var run = run("down");

        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Stopped.");
        assertThat(run("down").out()).contains("Nothing runs from " + folder);
    }

    @Test
    void downStopsALauncherThatWaitsForDiskSpace() throws Exception {
        var launcher = new ProcessBuilder("sh", "-c", "while :; do sleep 0.1; done", "atelier", "up").start();
        try {
            var entry = Files.createDirectories(folder.resolve("launchers")).resolve(Long.toString(launcher.pid()));
            Files.createFile(entry);
            Files.createFile(
                    entry.resolveSibling(Long.toString(ProcessHandle.current().pid())));

            assertThat(run("down").out()).contains("Stopped.");

            assertThat(launcher.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessHandle.current().isAlive()).isTrue();
        } finally {
            launcher.destroyForcibly();
        }
    }

    @Test
    void noSecondSystemStartsBesideOneThatWaitsForDiskSpace() throws Exception {
        var launcher = new ProcessBuilder("sh", "-c", "while :; do sleep 0.1; done", "atelier", "up").start();
        try {
            var entry = Files.createDirectories(folder.resolve("launchers")).resolve(launcher.pid() + ".waiting");
            Files.createFile(entry);
            var started = folder.resolve("started");
            var up = List.of("/bin/sh", "-c", "touch " + started);

            var draw = CommandRun.of(
                    folder,
                    Map.of(),
                    up,
                    "draw",
                    "a fox",
                    "-o",
                    folder.resolve("fox.png").toString());
            var list = CommandRun.of(folder, Map.of(), up, "list", "--json");

            assertThat(draw.exitCode()).isEqualTo(ExitCode.NOT_RUNNING.code());
            assertThat(draw.err()).contains("is full", "Free 256 MB", "./atelier down");
            assertThat(list.exitCode()).isEqualTo(ExitCode.NOT_RUNNING.code());
            assertThat(list.json().at("/error/code").asString()).isEqualTo("insufficient-storage");
            assertThat(started).doesNotExist();
        } finally {
            launcher.destroyForcibly();
        }
    }

    @Test
    void doesNotStopALaterProcessWithTheSameId() throws IOException {
        var child = new ProcessBuilder("sleep", "60").start();
        var earlier = child.info().startInstant().orElseThrow().minus(Duration.ofHours(1));
        register(new RunningProcess(child.pid(), earlier, List.of("gateway"), null, null, null));

        var run = run("down", "--json");

        assertThat(run.json().path("stopped")).isEmpty();
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly();
    }

    @Test
    void showsTheOutputOfASystemThatDidNotStart() {
        var run = CommandRun.of(
                folder,
                Map.of(),
                List.of("/bin/sh", "-c", "echo Port 8080 is taken; exit 3"),
                "draw",
                "a fox",
                "-o",
                folder.resolve("fox.png").toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("The system did not start.", "Port 8080 is taken");
    }

    @Test
    void endsWithTwoOnAnUnknownPart() {
        var run = run("up", "--parts", "broker,engine");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'engine' is not a part; the parts are broker, store, gateway, generator, splitter");
    }

    @Test
    void waitsForTheLockOfAProcessThatWasJustKilled() throws IOException {
        var lock = Files.createDirectories(folder.resolve("running")).resolve("broker.lock");
        var killed = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        killed.lock();
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(() -> close(killed));

        var run = CommandRun.of(folder, Map.of("ATELIER_KAFKA", "elsewhere"), "up", "--parts", "broker");

        assertThat(killed.isOpen()).isFalse();
        assertThat(run.err()).contains("ATELIER_KAFKA").doesNotContain("already runs");
    }

    @Test
    void startDeletesTheRecordsOfKilledProcesses() throws Exception {
        var killed = new ProcessBuilder("sleep", "60").start();
        register(new RunningProcess(
                killed.pid(), killed.info().startInstant().orElseThrow(), List.of("gateway"), null, null, null));
        var launcher = Files.createFile(
                Files.createDirectories(folder.resolve("launchers")).resolve(String.valueOf(killed.pid())));
        killed.destroyForcibly().waitFor();

        CommandRun.of(folder, Map.of("ATELIER_KAFKA", "elsewhere"), "up", "--parts", "broker");

        assertThat(folder.resolve("running")).isDirectoryNotContaining("glob:**.json");
        assertThat(launcher).doesNotExist();
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void register(RunningProcess process) {
        new RunningProcesses(new DataFolder(folder).create()).add(process);
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(folder, Map.of(), arguments);
    }
}
