package io.atelier.standalone.draw;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.image.ImageFileWriter;
import io.atelier.standalone.image.SavedImage;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier draw}: generates images and saves them to files. */
@Command(
        name = "draw",
        description = {
            "Generates images from a prompt and saves them as PNG files.",
            "Starts a system in the background if none runs.",
            "Examples:",
            "  atelier draw \"a castle\" -o castle.png",
            "  atelier draw \"a red car\" --seed 7 --size 512x512 --json",
            "  atelier draw \"the same car in blue\" --model gpt-image-1.5 --image gen_..."
        })
public final class DrawCommand implements Callable<Integer> {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    private final CommandContext context;

    @Mixin
    private DrawOptions drawOptions = new DrawOptions();

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "The file to write; several images become FILE-0, FILE-1, ... In a folder, the file is JOB.png. Default: the current folder.")
    private Path output = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for the images: 90s, 5m, 1h. Default: 10m.")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only.")
    private boolean quiet;

    public DrawCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var files = new ImageFileWriter(output);
        files.check();
        var console = quiet ? context.console().quiet() : context.console();
        var gateway = context.gatewayOrStart(gatewayOptions, console, START_TIMEOUT);
        long start = System.nanoTime();
        var poller = new GenerationPoller(gateway, console, timeout);
        var accepted = poller.submit(drawOptions.body());
        InterruptMessage.during(context.console(), accepted.id(), () -> {
            var done = poller.awaitEnd(accepted);
            if (!done.succeeded()) {
                throw failed(done);
            }
            var saved = save(done, poller, files);
            report(done, saved, (System.nanoTime() - start) / 1e9, gateway);
        });
        return ExitCode.OK.code();
    }

    private static List<SavedImage> save(GenerationResponse done, GenerationPoller poller, ImageFileWriter files) {
        var images = done.images();
        var saved = new ArrayList<SavedImage>();
        for (int i = 0; i < images.size(); i++) {
            var image = images.get(i);
            var bytes = poller.download(done, image);
            saved.add(new SavedImage(files.save(done.id(), i, images.size(), bytes), bytes.length, image));
        }
        return saved;
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
            done.warnings().forEach(warning -> context.console().notice("Warning: " + warning));
            saved.forEach(image -> context.console().print("Saved " + image.describe()));
            context.console().print("Job %s, model %s, %.1f s".formatted(done.id(), done.model(), seconds));
        }
    }

    private static CommandFailed failed(GenerationResponse done) {
        var reason = done.error().map(error -> ": " + error).orElse(".");
        return new CommandFailed(
                ExitCode.JOB_FAILED,
                "Job %s %s%s".formatted(done.id(), ended(done.status()), reason),
                Map.of("id", done.id(), "status", done.status()));
    }

    private static String ended(String status) {
        return status.equals("failed") ? status : "was " + status;
    }
}
