package io.atelier.standalone.up;

import io.atelier.embedded.OwnerOnly;
import io.atelier.messaging.clock.ClockRollbackWatchdog;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.Launchers;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import io.atelier.standalone.folder.SystemPartLock;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.system.AtelierSystem;
import io.atelier.standalone.system.StartFailed;
import io.atelier.standalone.system.SystemLogging;
import io.atelier.standalone.system.SystemPart;
import io.atelier.standalone.system.SystemPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** {@code atelier up}: runs a system, or parts of one, until it is stopped. */
@Command(
        name = "up",
        description = {
            "Runs a system in the foreground until Ctrl-C or 'atelier down'.",
            "With --parts, runs only some parts: several such processes form one system."
        })
public final class UpCommand implements Callable<Integer> {

    /** Time for a lock whose holder is not registered: a killed process releases it soon, a starting process registers soon. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration LOCK_POLL_INTERVAL = Duration.ofMillis(50);

    private final CommandContext context;

    @Option(
            names = "--parts",
            paramLabel = "PART,...",
            description = "The parts to run: broker, store, gateway, generator, splitter. Default: all.")
    private @Nullable String parts;

    @Option(
            names = "--until-ready",
            hidden = true,
            description = "Stop as soon as the system is ready. The launcher archives the classes of such a start.")
    private boolean untilReady;

    public UpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var requested = requestedParts();
        var data = context.data().create();
        var processes = new RunningProcesses(data);
        processes.removeEnded();
        new Launchers(data).removeEnded();
        for (var part :
                requested.stream().filter(SystemPart::isExclusive).sorted().toList()) {
            lock(part, data, processes);
        }
        var plan = SystemPlan.of(requested, data, context.settings());
        plan.checkPorts();
        var log = SystemLogging.configure(data, requested, context.settings());
        var self = self(plan);
        processes.add(self);
        try {
            run(plan, log, () -> processes.remove(self));
        } catch (StartFailed e) {
            processes.remove(self);
            throw e.refusedSetting()
                    .map(message -> new CommandFailed(ExitCode.REFUSED, message))
                    .orElseGet(() -> new CommandFailed(
                            ExitCode.NOT_RUNNING,
                            e.getMessage() + "\nThe log is in " + log,
                            Map.of("log", log.toString())));
        }
        return ExitCode.OK.code();
    }

    private void run(SystemPlan plan, Path log, Runnable onStopped) throws InterruptedException {
        context.console().notice("Starting " + labels(plan.parts()) + " ...");
        plan.notice().ifPresent(context.console()::notice);
        var system = new AtelierSystem(plan);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(system, onStopped), "atelier-stop"));
        ClockRollbackWatchdog.start();
        system.start();
        restrict(plan.data());
        new StartupSummary(plan, log).lines().forEach(context.console()::print);
        if (untilReady) {
            system.close();
        }
        system.awaitStop();
    }

    /** Kafka Streams lets the group of the user read its folders, whatever the umask is. */
    private static void restrict(DataFolder data) {
        try {
            OwnerOnly.restrict(data.gateway());
        } catch (IOException e) {
            throw new UncheckedIOException("The permissions in " + data.gateway() + " cannot be set", e);
        }
    }

    private void stop(AtelierSystem system, Runnable onStopped) {
        context.console().notice("Stopping ...");
        system.close();
        onStopped.run();
        context.console().notice("Stopped. Open jobs continue at the next start.");
    }

    private Set<SystemPart> requestedParts() {
        try {
            return parts == null ? SystemPart.all() : SystemPart.parse(parts);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.REFUSED, CommandFailed.reason(e));
        }
    }

    private static void lock(SystemPart part, DataFolder data, RunningProcesses processes) throws InterruptedException {
        long deadline = System.nanoTime() + LOCK_TIMEOUT.toNanos();
        while (!SystemPartLock.tryAcquire(data, part.label())) {
            var holder = processes.all().stream()
                    .filter(process -> process.parts().contains(part.label()))
                    .findFirst();
            if (holder.isPresent() || System.nanoTime() > deadline) {
                throw new CommandFailed(
                        ExitCode.NOT_RUNNING,
                        "A %s already runs from %s: %s. Stop it with './atelier down', or set ATELIER_DATA to another folder."
                                .formatted(
                                        part.label(),
                                        data.root(),
                                        holder.map(UpCommand::describe).orElse("another process")));
            }
            TimeUnit.MILLISECONDS.sleep(LOCK_POLL_INTERVAL.toMillis());
        }
    }

    private static String describe(RunningProcess process) {
        return "process " + process.pid() + (process.url() == null ? "" : " at " + process.url());
    }

    private static RunningProcess self(SystemPlan plan) {
        return RunningProcess.current(
                plan.parts().stream().sorted().map(SystemPart::label).toList(),
                plan.runs(SystemPart.GATEWAY) ? plan.url() : null,
                plan.runs(SystemPart.BROKER) ? plan.kafka() : null,
                plan.runs(SystemPart.STORE) ? plan.s3().toString() : null);
    }

    private static String labels(Set<SystemPart> parts) {
        return parts.stream().sorted().map(SystemPart::label).collect(Collectors.joining(", "));
    }
}
