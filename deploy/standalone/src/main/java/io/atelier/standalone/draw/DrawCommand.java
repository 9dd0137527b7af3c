package io.atelier.standalone.draw;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.image.ImageFiles;
import io.atelier.standalone.image.SavedImage;
import io.atelier.standalone.locate.CommandEnvironment;
import io.atelier.standalone.locate.ServerOptions;
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

/** {@code atelier draw}: from the words to the file. */
@Command(
        name = "draw",
        description = {
            "Draws a picture and saves it as PNG. Starts a system in the background if none runs.",
            "Examples:",
            "  atelier draw \"a castle\" -o castle.png",
            "  atelier draw \"a red car\" --seed 7 --size 512x512 --json",
            "  atelier draw \"the same car in blue\" --model gpt-image-1.5 --image gen_..."
        })
public final class DrawCommand implements Callable<Integer> {

    private static final Duration MAY_START = Duration.ofMinutes(3);

    private final CommandEnvironment around;

    @Mixin
    private DrawOptions wanted = new DrawOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where the picture goes; several become FILE-0, FILE-1, ... A folder gets JOB.png. Default: the current one.")
    private Path output = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationArgument.class,
            description = "How long to wait for the picture: 90s, 5m, 1h. Default: 10m.")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors.")
    private boolean quiet;

    public DrawCommand(CommandEnvironment around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        var files = new ImageFiles(output);
        files.check();
        var console = quiet ? around.console().silent() : around.console();
        var gateway = around.gatewayOrStart(server, console, MAY_START);
        long began = System.nanoTime();
        var drawing = new DrawRequest(gateway, console, timeout);
        var accepted = drawing.submit(wanted.body());
        InterruptNotice.during(around.console(), accepted.id(), () -> {
            var done = drawing.follow(accepted);
            if (!done.succeeded()) {
                throw failed(done);
            }
            var pictures = save(done, drawing, files);
            report(done, pictures, (System.nanoTime() - began) / 1e9, gateway);
        });
        return ExitCode.OK.code();
    }

    private static List<SavedImage> save(GenerationResponse done, DrawRequest drawing, ImageFiles files) {
        var images = done.images();
        var saved = new ArrayList<SavedImage>();
        for (int i = 0; i < images.size(); i++) {
            var image = images.get(i);
            var bytes = drawing.fetch(done, image);
            saved.add(new SavedImage(files.save(done.id(), i, images.size(), bytes), bytes.length, image));
        }
        return saved;
    }

    private void report(GenerationResponse done, List<SavedImage> pictures, double seconds, GatewayClient gateway) {
        if (server.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("id", done.id());
            result.put("status", done.status());
            result.put("model", done.model());
            result.put("seconds", Math.round(seconds * 1000) / 1000.0);
            result.put("files", pictures.stream().map(SavedImage::members).toList());
            result.put("warnings", done.warnings());
            result.put(
                    "url", gateway.base().resolve("v1/generations/" + done.id()).toString());
            around.console().json(result);
        } else if (!quiet) {
            done.warnings().forEach(warning -> around.console().note("Warning: " + warning));
            pictures.forEach(picture -> around.console().say("Saved " + picture.describe()));
            around.console().say("Job %s, model %s, %.1f s".formatted(done.id(), done.model(), seconds));
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
