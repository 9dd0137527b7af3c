package io.atelier.standalone.models;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.MemoryEstimate;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.standalone.console.ByteCount;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.Table;
import io.atelier.standalone.models.library.ModelNote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model folder holds, for people and for scripts.
 *
 * @param name of the model
 * @param folder its folder
 */
record ModelReport(String name, Path folder, PipelineDescription model, ModelNote note) {

    private static final double MILLION = 1e6;

    /**
     * Inspects a folder, without loading its weights.
     *
     * @throws CommandFailed if it is no model that can run
     */
    static ModelReport of(String name, Path folder, ModelNote note) {
        try {
            return new ModelReport(name, folder, PipelineDescription.of(DiffusersFolder.open(folder)), note);
        } catch (GenerationFailed e) {
            throw refused(e, folder, name);
        }
    }

    /** The failure of a folder, which has another name than its model as long as it is not complete. */
    static CommandFailed refused(GenerationFailed cause, Path folder, String name) {
        return new CommandFailed(
                ExitCode.REFUSED, cause.failure().message().replace(String.valueOf(folder.getFileName()), name));
    }

    /** The memory that the processor needs for the model and for one image of the default size, in bytes. */
    long memoryBytes() {
        return MemoryEstimate.withRun(model);
    }

    /** Why the memory is larger than the files; empty if it is not. */
    String memoryReason() {
        boolean isWidened = model.components().stream().anyMatch(part -> MemoryEstimate.isWidened(part.dtype()));
        return isWidened ? ", because processors calculate weights of 16 bits with 32" : "";
    }

    List<String> lines() {
        var defaults = model.defaults();
        var facts = new Table()
                .row("Model:", name)
                .row("Pipeline:", "%s (%s)".formatted(model.family().title(), model.className()))
                .row("License:", note.license())
                .row("Source:", note.source().isEmpty() ? "-" : note.source())
                .row("Folder:", folder.toString())
                .row(
                        "Default:",
                        "%dx%d, %d steps, %s"
                                .formatted(defaults.width(), defaults.height(), defaults.steps(), guidance()))
                .row("Sizes:", sizes())
                .row("Source images:", model.imageToImage() ? "yes" : "no, there is no vae_encoder")
                .row("Disk:", ByteCount.text(model.bytes()))
                .row("Memory:", "about %s on a processor%s".formatted(ByteCount.text(memoryBytes()), memoryReason()));
        var lines = new ArrayList<>(facts.lines());
        lines.add("");
        lines.addAll(components());
        return lines;
    }

    /** The members of the JSON object for scripts. */
    Map<String, Object> members() {
        var defaults = model.defaults();
        var members = new LinkedHashMap<String, Object>();
        members.put("name", name);
        members.put("path", folder.toString());
        members.put("family", model.family().title());
        members.put("pipeline", model.className());
        members.put("license", note.license());
        members.put("source", note.source());
        members.put("added_at", note.addedAt());
        members.put("bytes", model.bytes());
        members.put("memory_bytes", memoryBytes());
        members.put("width", defaults.width());
        members.put("height", defaults.height());
        members.put("steps", defaults.steps());
        members.put("guidance", defaults.guidance());
        members.put("multiple_of", model.geometry().multiple());
        members.put("max_side", model.geometry().maxSide());
        members.put("image_to_image", model.imageToImage());
        members.put(
                "components",
                model.components().stream().map(ModelReport::members).toList());
        return members;
    }

    private List<String> components() {
        var table = new Table().row("COMPONENT", "CLASS", "NUMBERS", "WEIGHTS", "DISK");
        for (var component : model.components()) {
            table.row(
                    component.name(),
                    component.className().isEmpty() ? "-" : component.className(),
                    component.dtype(),
                    "%.1f M".formatted(component.parameters() / MILLION),
                    ByteCount.text(component.bytes()));
        }
        return table.lines();
    }

    /** Of the configs alone. The memory limits the pixels in all, and each worker may have another one. */
    private String sizes() {
        var geometry = model.geometry();
        return "sides of %d to %d pixels, multiples of %d; their product as far as a worker has memory for it (max_pixels in /v1/models)"
                .formatted(model.minSide(), geometry.maxSide(), geometry.multiple());
    }

    private String guidance() {
        double scale = model.defaults().guidance();
        return scale == 0 ? "no guidance" : "guidance " + scale;
    }

    private static Map<String, Object> members(PipelineDescription.Component component) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", component.name());
        members.put("class", component.className());
        members.put("dtype", component.dtype());
        members.put("parameters", component.parameters());
        members.put("bytes", component.bytes());
        return members;
    }
}
