package io.atelier.standalone.models;

import io.atelier.generator.engine.diffusion.pipeline.model.CardLicense;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.locate.CommandContext;
import io.atelier.standalone.models.library.ModelNote;
import io.atelier.standalone.models.library.ModelsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atelier models inspect}: shows what a model consists of. */
@Command(
        name = "inspect",
        description = {
            "Shows what a model of this machine consists of: pipeline, networks, number types, license, memory.",
            "Nothing is loaded."
        })
final class InspectModelCommand implements Callable<Integer> {

    private final CommandContext context;

    @Parameters(
            paramLabel = "NAME|DIR",
            description = "The name of a model in the models folder, or a folder elsewhere, such as ./NAME.")
    private String model = "";

    @Option(names = "--json", description = "Print one JSON object to standard output, and nothing else.")
    private boolean json;

    InspectModelCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var report = report();
        if (json) {
            context.console().json(report.members());
        } else {
            report.lines().forEach(context.console()::print);
        }
        return ExitCode.OK.code();
    }

    private ModelReport report() {
        boolean isPath = model.contains("/") || model.startsWith(".");
        var models = ModelsFolder.of(context);
        var folder = isPath || (!models.isTaken(model) && Files.isDirectory(Path.of(model)))
                ? Path.of(model).toAbsolutePath().normalize()
                : models.existing(model);
        var note = ModelNote.read(folder).orElseGet(() -> new ModelNote(license(folder), "", ""));
        var last = folder.getFileName();
        return ModelReport.of(last == null ? folder.toString() : last.toString(), folder, note);
    }

    private static String license(Path folder) {
        try {
            return CardLicense.in(folder).orElse(ModelNote.UNKNOWN_LICENSE);
        } catch (IOException e) {
            return ModelNote.UNKNOWN_LICENSE;
        }
    }
}
