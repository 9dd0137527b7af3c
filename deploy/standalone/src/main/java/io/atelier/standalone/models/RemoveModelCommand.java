package io.atelier.standalone.models;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.models.library.ModelsFolder;
import io.atelier.standalone.models.library.StagingLock;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier models remove}: deletes a model of this machine. */
@Command(
        name = "remove",
        description = {
            "Deletes a model from the models folder, or what has arrived of a download.",
            "Workers stop offering it; the folder that it was added from stays."
        })
final class RemoveModelCommand implements Callable<Integer> {

    private static final Set<String> YES = Set.of("y", "yes");

    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "The name of the model.")
    private String name = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object to standard output, and nothing else.")
    private boolean json;

    RemoveModelCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var models = ModelsFolder.of(context);
        StagingLock.sweep(models);
        boolean isDownload = !models.isTaken(name) && models.isStaged(name);
        var folder = isDownload ? models.staging(name) : models.existing(name);
        requireConsent(folder);
        StagingLock.holding(models, name, () -> {
            if (!isDownload) {
                models.remove(name);
            }
            models.removeStaging(name);
        });
        if (json) {
            var result = new LinkedHashMap<String, Object>();
            result.put("name", name);
            result.put("removed", true);
            context.console().json(result);
        } else {
            context.console().print("Deleted %s.".formatted(folder));
        }
        return ExitCode.OK.code();
    }

    private void requireConsent(Path folder) {
        if (!yes
                && !YES.contains(context.console()
                        .ask("Delete %s? [y/N]".formatted(folder))
                        .toLowerCase(Locale.ROOT))) {
            throw new CommandFailed(
                    ExitCode.REFUSED, "Nothing was deleted. To delete it without a question, add --yes.");
        }
    }
}
