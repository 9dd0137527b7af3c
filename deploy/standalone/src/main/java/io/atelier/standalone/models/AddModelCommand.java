package io.atelier.standalone.models;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.ShutdownReport;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.models.library.ModelsFolder;
import io.atelier.standalone.models.library.ReservedNames;
import io.atelier.standalone.models.library.StagingLock;
import io.atelier.standalone.models.source.ModelSource;
import io.atelier.standalone.models.source.ModelSources;
import io.atelier.standalone.models.transfer.TransferLimits;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier models add}: brings a model to this machine. */
@Command(
        name = "add",
        description = {
            "Adds a model that the workers of this machine run themselves.",
            "A download that was stopped goes on where it stopped if the same command is given again.",
            "Examples:",
            "  atelier models add ./my-sdxl-onnx --name my-sdxl",
            "  atelier models add hf:ORG/NAME",
            "  atelier models add https://models.example.com/my-sdxl-onnx"
        })
final class AddModelCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(
            paramLabel = "DIR|URL|hf:ORG/NAME",
            description = {
                "A model folder, which is copied;",
                "the address of a model folder on a web server, or of a page of the Hugging Face Hub;",
                "or a model of the Hugging Face Hub, with @REVISION for a branch, tag or commit."
            })
    private String source = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of the model in requests. Default: the last part of its folder or address.")
    private @Nullable String name;

    @Option(names = "--link", description = "Create hard links instead of copies, for a folder on the same disk.")
    private boolean link;

    @Option(names = "--force", description = "Also add a model that needs more memory than this machine has.")
    private boolean force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only.")
    private boolean quiet;

    @Option(names = "--json", description = "Print one JSON object to standard output, and nothing else.")
    private boolean json;

    AddModelCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var console = quiet ? context.console().quiet() : context.console();
        var from = new ModelSources(context.settings(), TransferLimits.STANDARD, console::notice).of(source, link);
        var models = ModelsFolder.of(context);
        var installation = new ModelInstallation(models, console, force, link);
        var chosen = name == null ? suggestedName(from) : ModelsFolder.requireName(name);
        ReservedNames.read(context.settings()).requireFree(chosen, models);
        Runnable stop = () -> reportStop(models, chosen);
        Runnable add = () -> report(installation.run(from, chosen));
        if (from.isResumable()) {
            ShutdownReport.during(stop, add);
        } else {
            ShutdownReport.interrupting(stop, add);
        }
        return ExitCode.OK.code();
    }

    private static String suggestedName(ModelSource from) {
        var suggested = from.suggestedName();
        if (!ModelsFolder.isName(suggested)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "'%s' cannot be the name of the model. Choose one with --name: 1 to 100 of A-Z a-z 0-9 . _ -, with a letter or digit at the beginning."
                            .formatted(suggested));
        }
        return suggested;
    }

    private void report(ModelReport added) {
        if (json) {
            context.console().json(added.members());
        } else if (!quiet) {
            context.console().print("Added %s.".formatted(added.name()));
            context.console()
                    .print("Workers of this machine find it within seconds: ./atelier draw \"a lighthouse\" --model %s"
                            .formatted(added.name()));
        }
    }

    private void reportStop(ModelsFolder models, String chosen) {
        StagingLock.abandon(models, chosen);
        context.console().stopped(stopMessage(models, chosen), Map.of(), json);
    }

    private static String stopMessage(ModelsFolder models, String chosen) {
        if (models.isTaken(chosen)) {
            return "Stopped. The model %s is added.".formatted(chosen);
        }
        return models.isStaged(chosen)
                ? "Stopped. What has arrived is kept in %s. The same command goes on with it; './atelier models remove %s' deletes it."
                        .formatted(models.staging(chosen), chosen)
                : "Stopped. The model was not added; nothing of it is kept.";
    }
}
