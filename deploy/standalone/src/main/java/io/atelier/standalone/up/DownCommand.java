package io.atelier.standalone.up;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.Launchers;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.locate.CommandContext;
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

/** {@code atelier down}: stops all processes that run from the data folder, the broker last. */
@Command(
        name = "down",
        description = {"Stops all processes that run from the data folder.", "Open jobs continue at the next start."})
public final class DownCommand implements Callable<Integer> {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final CommandContext context;

    @Option(names = "--json", description = "Print one JSON object to standard output, and nothing else.")
    private boolean json;

    public DownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var processes = new RunningProcesses(context.data());
        var stopped = new ArrayList<Long>();
        for (var process : inStopOrder(processes.all())) {
            context.console()
                    .progress("Stopping process %d (%s)".formatted(process.pid(), String.join(", ", process.parts())));
            stop(process);
            processes.remove(process);
            stopped.add(process.pid());
        }
        // Those of the processes above end with them; one that waits for disk space would start a system again.
        var launchers = new Launchers(context.data()).running();
        launchers.forEach(DownCommand::stop);
        if (stopped.isEmpty()) {
            launchers.forEach(launcher -> stopped.add(launcher.pid()));
        }
        if (json) {
            context.console().json(Map.of("stopped", stopped));
        } else {
            context.console().print(describe(stopped));
        }
        return ExitCode.OK.code();
    }

    private String describe(List<Long> stopped) {
        if (stopped.isEmpty()) {
            return "Nothing runs from %s.".formatted(context.data().root());
        }
        return stopped.size() == 1 ? "Stopped." : "Stopped %d processes.".formatted(stopped.size());
    }

    /** Processes with a broker or store stop last, because the others need them. */
    private static List<RunningProcess> inStopOrder(List<RunningProcess> processes) {
        return processes.stream()
                .sorted(Comparator.comparing(
                        (RunningProcess process) -> process.kafka() != null || process.s3() != null))
                .toList();
    }

    private static void stop(RunningProcess process) {
        process.handle().ifPresent(DownCommand::stop);
    }

    private static void stop(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailed(
                    ExitCode.TIMED_OUT,
                    "Process %d did not stop within %d s. Kill it with 'kill -9 %d'; no accepted job is lost."
                            .formatted(process.pid(), STOP_TIMEOUT.toSeconds(), process.pid()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.TIMED_OUT, "Interrupted while waiting for process " + process.pid());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot wait for the end of process " + process.pid(), e);
        }
    }
}
