package io.atelier.standalone.avatar;

import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.generation.GenerationPoller;
import io.atelier.standalone.generation.InterruptMessage;
import io.atelier.standalone.image.SavedImage;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.locate.GatewayOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier avatar}: makes images of one person and saves them with their base image and grids. */
@Command(
        name = "avatar",
        description = {
            "Makes images of one person and saves them as PNG files: base.png, grid_0.png, ..., img_0.png, ...",
            "Starts a system in the background if none runs.",
            "Examples:",
            "  atelier avatar persona.json -o ada",
            "  atelier avatar persona.json -o ada --images 8 --distinct-prompts",
            "  atelier avatar persona.json -o ada --base gen_..."
        })
public final class AvatarCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private AvatarOptions avatarOptions = new AvatarOptions();

    @Mixin
    private GatewayOptions gatewayOptions = new GatewayOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The folder for the images, which is created if it is missing. Default: the current folder.")
    private Path output = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long to wait, the start of a system included, with its unit: 90s, 5m, 1h. Default: 30m.")
    private Duration timeout = Duration.ofMinutes(30);

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only.")
    private boolean quiet;

    public AvatarCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (gatewayOptions.json() || !quiet) {
            context.console().requireOpen();
        }
        var console = quiet ? context.console().quiet() : context.console();
        var request = avatarOptions.body(context.console());
        var folder = new AvatarFolder(output);
        folder.create();
        var deadline = new Deadline(timeout);
        var interrupt = new InterruptMessage(context.console(), gatewayOptions.json());
        interrupt.during(() -> {
            var gateway = context.gatewayOrStart(gatewayOptions, console, deadline);
            avatarOptions.addImages(request, gateway);
            long start = System.nanoTime();
            var poller = new GenerationPoller(gateway, console, deadline);
            var accepted = poller.submit((client, key) -> client.submitAvatar(request, key));
            interrupt.accepted(accepted.id());
            var done = poller.awaitSuccess(accepted);
            var saved = save(done, poller, folder);
            report(done, saved, (System.nanoTime() - start) / 1e9, gateway);
        });
        return ExitCode.OK.code();
    }

    private static List<SavedImage> save(GenerationResponse done, GenerationPoller poller, AvatarFolder folder) {
        var saving = new Saving(done, poller, folder);
        var saved = new ArrayList<SavedImage>();
        done.base().ifPresent(base -> saved.add(saving.save("base", base, base.url())));
        var grids = done.grids();
        for (int i = 0; i < grids.size(); i++) {
            saved.add(saving.save("grid_" + i, grids.get(i), grids.get(i).url()));
        }
        for (var image : done.images()) {
            // The URL of a published image may be one of a server that this machine cannot reach.
            var path = "/v1/generations/%s/images/%d".formatted(done.id(), image.index());
            saved.add(saving.save("img_" + image.index(), image, path));
        }
        return saved;
    }

    /** Downloads images of one job, and writes them. */
    private record Saving(GenerationResponse job, GenerationPoller poller, AvatarFolder folder) {

        SavedImage save(String file, GenerationResponse.Image image, String url) {
            var bytes = poller.download(job, image, url);
            return new SavedImage(folder.save(file, job.id(), bytes), bytes.length, image);
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
            done.warnings().forEach(context.console()::warning);
            saved.forEach(image -> context.console().print("Saved " + image.describe()));
            context.console().print("Job %s, model %s, %.1f s".formatted(done.id(), done.model(), seconds));
        }
    }
}
