package io.atelier.standalone.models;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.onnx.DeviceProof;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.InferenceDevice.Kind;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code atelier devices}: what this machine can run models on, shown by computing on it. */
@Command(
        name = "devices",
        description = {
            "Shows the devices that models can run on here, after a second of computing on each.",
            "What is missing on this machine is listed with what to install."
        })
public final class DevicesCommand implements Callable<Integer> {

    private static final Duration PROOF = Duration.ofSeconds(1);

    private final CommandContext context;

    public DevicesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var table = new Table().row("DEVICE", "STATE", "SPEED", "DETAIL");
        List<Kind> known = InferenceDevice.kinds();
        for (var kind : Kind.values()) {
            if (known.contains(kind)) {
                addProof(table, new InferenceDevice(kind, 0));
            } else {
                table.row(kind.word(), "missing", "-", kind.remedy());
            }
        }
        table.lines().forEach(context.console()::print);
        context.console()
                .print("SPEED: products of matrices of single precision. Choose one by ATELIER_MODELS_DEVICE.");
        return ExitCode.OK.code();
    }

    private static void addProof(Table table, InferenceDevice device) {
        int threads = Runtime.getRuntime().availableProcessors();
        try {
            var proof = DeviceProof.on(device, threads, PROOF);
            var speed = String.format(Locale.ROOT, "%.0f GFLOP/s", proof.billionsPerSecond());
            table.row(device.name(), "works", speed, threads + " threads");
        } catch (GenerationFailed e) {
            table.row(device.name(), "fails", "-", e.failure().message());
        }
    }
}
