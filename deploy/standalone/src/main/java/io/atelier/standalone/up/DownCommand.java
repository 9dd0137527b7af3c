package io.atelier.standalone.up;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.locate.CommandEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code atelier down}: stops what runs from the data folder, the broker last. */
@Command(name = "down", description = "Stops what runs from the data folder. Waiting jobs go on at the next start.")
public final class DownCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CommandEnvironment around;

    @Option(names = "--json", description = "Print one JSON object and nothing else on standard output.")
    private boolean json;

    public DownCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var processes = new RunningProcesses(around.data());
        var stopped = new ArrayList<Long>();
        for (var process : inOrder(processes.all())) {
            around.console()
                    .progress("Stopping process %d (%s)".formatted(process.pid(), String.join(", ", process.parts())));
            stop(process);
            processes.remove(process);
            stopped.add(process.pid());
        }
        if (json) {
            around.console().json(Map.of("stopped", stopped));
        } else {
            around.console().say(said(stopped));
        }
        return ExitCode.OK.code();
    }

    private String said(List<Long> stopped) {
        if (stopped.isEmpty()) {
            return "Nothing runs from %s.".formatted(around.data().root());
        }
        return stopped.size() == 1 ? "Stopped." : "Stopped %d processes.".formatted(stopped.size());
    }

    /** Those that need a broker stop before those that are one. */
    private static List<RunningProcess> inOrder(List<RunningProcess> processes) {
        return processes.stream()
                .sorted(Comparator.comparing(
                        (RunningProcess process) -> process.kafka() != null || process.s3() != null))
                .toList();
    }

    private static void stop(RunningProcess process) {
        var handle = process.handle();
        if (handle.isEmpty()) {
            return;
        }
        handle.get().destroy();
        try {
            handle.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailed(
                    ExitCode.TIMED_OUT,
                    "Process %d was asked to stop %d s ago and still runs. 'kill -9 %d' ends it; no accepted job is lost by that."
                            .formatted(process.pid(), PATIENCE.toSeconds(), process.pid()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.TIMED_OUT, "Interrupted while waiting for process " + process.pid());
        } catch (ExecutionException e) {
            throw new IllegalStateException("The end of process " + process.pid() + " cannot be waited for", e);
        }
    }
}
