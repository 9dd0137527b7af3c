package io.atelier.standalone.models;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.DeviceProof;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.OnnxRuntimeLibrary;
import io.atelier.generator.engine.onnx.OpenVinoPlugin;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.locate.CommandContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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
    private static final int MAX_CARDS = 16;

    private final CommandContext context;

    public DevicesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var table = new Table().row("DEVICE", "STATE", "ANNOUNCED", "SPEED", "DETAIL");
        var problem = useLibraries();
        var known = InferenceDevice.kinds();
        for (var kind : DeviceKind.values()) {
            if (known.contains(kind)) {
                addProofs(table, kind);
            } else {
                table.row(kind.word(), "missing", "-", "-", kind.remedy());
            }
        }
        table.lines().forEach(context.console()::print);
        context.console()
                .print("SPEED: products of matrices of single precision. ATELIER_MODELS_DEVICES names those to use.");
        problem.ifPresent(context.console()::print);
        return problem.isEmpty() ? ExitCode.OK.code() : ExitCode.REFUSED.code();
    }

    /** Uses the libraries of the settings, as a worker does. Returns what is wrong with them. */
    private Optional<String> useLibraries() {
        var settings = context.settings();
        try {
            OnnxRuntimeLibrary.unpack(context.data().nativeLibraries());
            if (settings.containsKey("ATELIER_ONNXRUNTIME_FOLDER")) {
                OnnxRuntimeLibrary.use(Path.of(settings.get("ATELIER_ONNXRUNTIME_FOLDER")));
            }
            if (settings.containsKey("ATELIER_OPENVINO_LIBRARY")) {
                OpenVinoPlugin.register(Path.of(settings.get("ATELIER_OPENVINO_LIBRARY")));
            }
            return Optional.empty();
        } catch (GenerationFailed e) {
            return Optional.of(e.failure().message());
        }
    }

    /** Cards have no list: their numbers are tried until one is missing. */
    private static void addProofs(Table table, DeviceKind kind) {
        int cards = kind.isNumbered() ? MAX_CARDS : 1;
        for (int index = 0; index < cards; index++) {
            var device = new InferenceDevice(kind, index);
            try {
                table.row(row(device));
            } catch (GenerationFailed e) {
                if (index == 0) {
                    table.row(device.name(), "fails", "-", "-", e.failure().message());
                }
                return;
            }
        }
    }

    private static String[] row(InferenceDevice device) {
        int threads = Runtime.getRuntime().availableProcessors();
        var proof = DeviceProof.on(device, threads, PROOF);
        var speed = String.format(Locale.ROOT, "%.0f GFLOP/s", proof.billionsPerSecond());
        return new String[] {device.name(), "works", device.announced(), speed, threads + " threads"};
    }
}
