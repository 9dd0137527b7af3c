package io.atelier.standalone.models;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.ExternalWeights;
import io.atelier.generator.engine.diffusion.pipeline.model.MemoryEstimate;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineConfigs;
import io.atelier.standalone.console.ByteCount;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.library.HostResources;
import io.atelier.standalone.models.library.ModelNote;
import io.atelier.standalone.models.library.ModelsFolder;
import io.atelier.standalone.models.library.StagingLock;
import io.atelier.standalone.models.source.ModelListing;
import io.atelier.standalone.models.source.ModelSource;
import io.atelier.standalone.models.source.SourceFile;
import io.atelier.standalone.models.transfer.TransferProgress;
import java.time.Clock;
import java.util.Comparator;

/**
 * Brings a model into the models folder. The files are completed in a folder that workers do not look at, which then becomes the one of the model in
 * one step. For one thread.
 */
final class ModelInstallation {

    /** Smaller weights come first: among them are the ones that say how much memory the large ones need. */
    private static final long SMALL = 64_000_000;

    private final ModelsFolder models;
    private final Console console;
    private final boolean force;
    private final boolean link;

    /**
     * @param force whether a model that is too large for this machine is added, too
     * @param link whether the files are links, which take no space
     */
    ModelInstallation(ModelsFolder models, Console console, boolean force, boolean link) {
        this.models = models;
        this.console = console;
        this.force = force;
        this.link = link;
    }

    /**
     * Adds a model.
     *
     * @param name its name in requests
     * @throws CommandFailed if it cannot be added; what has arrived of a download is kept
     */
    ModelReport run(ModelSource source, String name) {
        if (models.isTaken(name)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "There is a model '%s' already. Choose another --name, or delete it with './atelier models remove %s'."
                            .formatted(name, name));
        }
        models.create();
        StagingLock.sweep(models);
        return StagingLock.holding(models, name, () -> complete(source, name));
    }

    private ModelReport complete(ModelSource source, String name) {
        console.progress("Looking at the files of the model");
        var listing = source.list();
        announce(listing, name);
        var staging = new StagingFolder(models.staging(name));
        var resources = HostResources.at(models.root());
        if (!force) {
            long weights = listing.networkBytes().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            resources.requireMemory(MemoryEstimate.least(weights), "");
        }
        staging.prepare(source.isResumable() ? listing.origin() : "");
        try {
            if (!link) {
                resources.requireDisk(listing.bytes() - staging.bytes(), models.root());
            }
            transfer(source, listing, name, staging, resources);
            var note = new ModelNote(
                    listing.license(),
                    listing.origin(),
                    Clock.systemUTC().instant().toString());
            var report = ModelReport.of(name, staging.root(), note);
            if (!force) {
                resources.requireMemory(MemoryEstimate.withSmallestRun(report.model()), report.memoryReason());
            }
            staging.finish();
            note.write(staging.root());
            models.complete(name);
            return new ModelReport(name, models.folder(name), report.model(), note);
        } finally {
            if (!source.isResumable()) {
                models.removeStaging(name);
            }
        }
    }

    private void announce(ModelListing listing, String name) {
        console.notice("%s: %s, %d files, %s, license: %s, from %s"
                .formatted(
                        name,
                        listing.index().family().title(),
                        listing.files().size(),
                        ByteCount.text(listing.bytes()),
                        listing.license(),
                        listing.origin()));
    }

    private void transfer(
            ModelSource source, ModelListing listing, String name, StagingFolder staging, HostResources resources) {
        var progress = new TransferProgress(console, listing.bytes());
        boolean isDescribed = false;
        boolean isChecked = false;
        for (var file : inOrder(listing)) {
            if (listing.isWeights(file) && !isDescribed) {
                requireConfigs(staging, name);
                isDescribed = true;
            }
            if (file.bytes() > SMALL && !isChecked) {
                requireMemory(listing, staging, resources);
                isChecked = true;
            }
            progress.file(file.path());
            if (staging.has(file) || isLeftOver(file, listing, staging, name)) {
                progress.present(file.bytes());
            } else {
                source.transfer(file, staging.file(file), progress);
                staging.arrived(file);
            }
        }
    }

    /** Checks what describes the model, before its weights come. */
    private static void requireConfigs(StagingFolder staging, String name) {
        try {
            PipelineConfigs.read(DiffusersFolder.open(staging.root()));
        } catch (GenerationFailed e) {
            throw ModelReport.refused(e, staging.root(), name);
        }
    }

    /** Checks with the number types, as far as they are known before the large files have come. */
    private void requireMemory(ModelListing listing, StagingFolder staging, HostResources resources) {
        if (force) {
            return;
        }
        try {
            var folder = DiffusersFolder.open(staging.root());
            resources.requireMemory(MemoryEstimate.bytes(folder, listing.networkBytes()), "");
        } catch (GenerationFailed e) {
            throw new CommandFailed(ExitCode.REFUSED, e.failure().message());
        }
    }

    /** Whether a file is external data that its network does not name: an earlier export may have left it. */
    private static boolean isLeftOver(SourceFile file, ModelListing listing, StagingFolder staging, String name) {
        if (!listing.isWeights(file) || listing.isNetwork(file)) {
            return false;
        }
        var network = listing.networkOf(file);
        try {
            var data = ExternalWeights.of(network, staging.root().resolve(network));
            return !data.contains(file.path().substring(network.lastIndexOf('/') + 1));
        } catch (GenerationFailed e) {
            throw ModelReport.refused(e, staging.root(), name);
        }
    }

    /** What describes the networks, then the networks, then their external data. */
    private static Iterable<SourceFile> inOrder(ModelListing listing) {
        return listing.files().stream()
                .sorted(Comparator.comparing(listing::isWeights)
                        .thenComparing(file -> !listing.isNetwork(file))
                        .thenComparingLong(SourceFile::bytes)
                        .thenComparing(SourceFile::path))
                .toList();
    }
}
