package io.atelier.standalone.draw;

import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.generation.GenerationPoller;
import io.atelier.standalone.generation.InterruptMessage;
import io.atelier.standalone.image.ImageDestination;
import io.atelier.standalone.image.ImageFileWriter;
import io.atelier.standalone.image.OutputConverter;
import io.atelier.standalone.image.SavedImage;
import io.atelier.standalone.image.StandardOutputImage;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import io.atelier.standalone.terminal.DesktopViewer;
import io.atelier.standalone.terminal.TerminalPreview;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code atelier draw}: generates images and saves them to files. */
@Command(
        name = "draw",
        description = {
            "Generates images from a prompt and saves them as PNG or JPEG files.",
            "Starts a system in the background if none runs.",
            "Examples:",
            "  atelier draw \"a castle\" -o castle.png",
            "  atelier draw \"a red car\" --seed 7 --size 512x512 --json",
            "  atelier draw \"the same car in blue\" --model gpt-image-2.6-flare --image gen_...",
            "  echo \"a castle\" | atelier draw - -o - >castle.png"
        })
public final class DrawCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private DrawOptions drawOptions = new DrawOptions();

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = {
                "The file to write; several images become FILE-0, FILE-1, ... In a folder, the file is JOB.png or"
                        + " JOB.jpg.",
                "A name that ends in / can only be a folder; - is standard output. Default: the current folder."
            })
    private Path output = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait, the start of a system included, with its unit: 90s, 5m, 1h. Default: 10m.")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only.")
    private boolean quiet;

    @Option(names = "--open", description = "Open the image with the viewer of the desktop; the first one of several.")
    private boolean open;

    @Option(
            names = "--no-preview",
            negatable = true,
            description = "Do not show the images in the terminal, where it can (kitty, iTerm2, sixels).")
    private boolean preview = true;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public DrawCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        settleFormat();
        var destination = destination();
        destination.check();
        if (printsResult()) {
            context.console().requireOpen();
        }
        var console = quiet ? context.console().quiet() : context.console();
        var request = drawOptions.body(context.console());
        var deadline = new Deadline(timeout);
        var interrupt = new InterruptMessage(context.console(), gatewayOptions.json());
        interrupt.during(() -> {
            var gateway = context.gatewayOrStart(gatewayOptions, console, deadline);
            drawOptions.addImages(request, gateway);
            long start = System.nanoTime();
            var poller = new GenerationPoller(gateway, console, deadline);
            var accepted = poller.submit((client, key) -> client.submit(request, key));
            interrupt.accepted(accepted.id());
            var done = poller.awaitSuccess(accepted);
            var saved = save(done, poller, destination);
            report(done, saved, (System.nanoTime() - start) / 1e9, gateway);
            show(saved);
        });
        return ExitCode.OK.code();
    }

    private void settleFormat() {
        try {
            drawOptions.settleFormat(OutputConverter.format(output));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private boolean printsResult() {
        return gatewayOptions.json() || !quiet || output.equals(ImageDestination.STANDARD_OUTPUT);
    }

    private ImageDestination destination() {
        if (!output.equals(ImageDestination.STANDARD_OUTPUT)) {
            return new ImageFileWriter(output, drawOptions.extension());
        }
        if (gatewayOptions.json() || open || drawOptions.severalImages()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "-o - takes one image, and cannot be combined with --json, --open, --grid or -n");
        }
        return new StandardOutputImage(context.console());
    }

    private List<SavedImage> save(GenerationResponse done, GenerationPoller poller, ImageDestination destination) {
        var images = done.images();
        var saved = new ArrayList<SavedImage>();
        var terminal = new TerminalPreview(context.console(), context.settings());
        for (int i = 0; i < images.size(); i++) {
            var image = images.get(i);
            var bytes = poller.download(done, image);
            saved.add(new SavedImage(destination.save(done.id(), i, images.size(), bytes), bytes.length, image));
            if (preview && !quiet && !gatewayOptions.json()) {
                terminal.show(bytes, image.width(), image.height());
            }
        }
        return saved;
    }

    private void show(List<SavedImage> saved) {
        if (open && !saved.isEmpty()) {
            var file = saved.get(0).file();
            new DesktopViewer(context.settings())
                    .open(file)
                    .ifPresent(reason -> context.console().warning("%s was not opened: %s.".formatted(file, reason)));
        }
    }

    private void report(GenerationResponse done, List<SavedImage> saved, double seconds, GatewayClient gateway) {
        if (gatewayOptions.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("id", done.id());
            result.put("status", done.status());
            result.put("model", done.model());
            result.put("seconds", Math.round(seconds * 1000) / 1000.0);
            result.put("files", saved.stream().map(SavedImage::members).toList());
            result.put("warnings", done.warnings());
            result.put(
                    "url", gateway.base().resolve("v1/generations/" + done.id()).toString());
            context.console().json(result);
        } else if (!quiet) {
            Consumer<String> lines = output.equals(ImageDestination.STANDARD_OUTPUT)
                    ? context.console()::notice
                    : context.console()::print;
            done.warnings().forEach(context.console()::warning);
            saved.forEach(image -> lines.accept("Saved " + image.describe()));
            lines.accept("Job %s, model %s, %.1f s".formatted(done.id(), done.model(), seconds));
        }
    }
}
