package io.atelier.standalone.up;

import io.atelier.messaging.clock.ClockRollbackWatchdog;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.folder.SystemPartLock;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.system.AtelierSystem;
import io.atelier.standalone.system.StartFailed;
import io.atelier.standalone.system.SystemLogs;
import io.atelier.standalone.system.SystemPart;
import io.atelier.standalone.system.SystemPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code atelier up}: runs the system, or parts of one, until it is told to stop. */
@Command(
        name = "up",
        description = {
            "Runs the system in the foreground until Ctrl-C or 'atelier down'.",
            "With --parts only some of it: several such processes make one system."
        })
public final class UpCommand implements Callable<Integer> {

    /** For a holder that is written down nowhere: one that was just killed lets go in a moment, one that just starts says who it is. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOCK_POLL = Duration.ofMillis(50);

    private final CommandEnvironment around;

    @Option(
            names = "--parts",
            paramLabel = "PART,...",
            description = "Some of broker, store, gateway, generator, splitter. Default: all.")
    private @Nullable String parts;

    public UpCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        var wanted = wanted();
        var data = around.data().create();
        var processes = new RunningProcesses(data);
        for (var part :
                wanted.stream().filter(SystemPart::onceInAFolder).sorted().toList()) {
            lock(part, data, processes);
        }
        var plan = SystemPlan.of(wanted, data, around.settings());
        plan.checkPorts();
        var log = SystemLogs.write(data, wanted);
        var self = self(plan);
        processes.add(self);
        try {
            run(plan, log, () -> processes.remove(self));
        } catch (StartFailed e) {
            processes.remove(self);
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING, e.getMessage() + "\nThe log is " + log, Map.of("log", log.toString()));
        }
        return ExitCode.OK.code();
    }

    private void run(SystemPlan plan, Path log, Runnable afterwards) throws InterruptedException {
        around.console().note("Starting " + words(plan.parts()) + " ...");
        var system = new AtelierSystem(plan);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(system, afterwards), "atelier-stop"));
        ClockRollbackWatchdog.start();
        system.start();
        new RunningNotice(plan, log).lines().forEach(around.console()::say);
        system.awaitStop();
    }

    private void stop(AtelierSystem system, Runnable afterwards) {
        around.console().note("Stopping ...");
        system.close();
        afterwards.run();
        around.console().note("Stopped. Waiting jobs go on at the next start.");
    }

    private Set<SystemPart> wanted() {
        try {
            return parts == null ? SystemPart.all() : SystemPart.parse(parts);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.REFUSED, CommandFailed.reason(e));
        }
    }

    private static void lock(SystemPart part, DataFolder data, RunningProcesses processes) throws InterruptedException {
        long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
        while (!SystemPartLock.take(data, part.word())) {
            var holder = processes.all().stream()
                    .filter(process -> process.parts().contains(part.word()))
                    .findFirst();
            if (holder.isPresent() || System.nanoTime() > deadline) {
                throw new CommandFailed(
                        ExitCode.NOT_RUNNING,
                        "A %s runs already from %s: %s. Stop it with './atelier down', or set ATELIER_DATA to another folder."
                                .formatted(
                                        part.word(),
                                        data.root(),
                                        holder.map(UpCommand::words).orElse("another process")));
            }
            TimeUnit.MILLISECONDS.sleep(LOCK_POLL.toMillis());
        }
    }

    private static String words(RunningProcess process) {
        return "process " + process.pid() + (process.url() == null ? "" : " at " + process.url());
    }

    private static RunningProcess self(SystemPlan plan) {
        return RunningProcess.current(
                plan.parts().stream().sorted().map(SystemPart::word).toList(),
                plan.runs(SystemPart.GATEWAY) ? plan.url() : null,
                plan.runs(SystemPart.BROKER) ? plan.kafka() : null,
                plan.runs(SystemPart.STORE) ? plan.s3().toString() : null);
    }

    private static String words(Set<SystemPart> parts) {
        return parts.stream().sorted().map(SystemPart::word).collect(Collectors.joining(", "));
    }
}
