package io.atelier.standalone.models.source;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.CardLicense;
import io.atelier.generator.engine.diffusion.pipeline.model.ExternalWeights;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.library.ModelNote;
import io.atelier.standalone.models.transfer.TransferProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A model folder on this machine. Its files are copied, or linked; they are never changed. Symbolic links in it are followed. */
final class LocalSource implements ModelSource {

    /** Components are folders of a model folder; none has folders of its own. */
    private static final int DEPTH = 2;

    private static final int BUFFER = 4 << 20;

    private final Path folder;
    private final boolean link;

    /** @param link whether to create hard links instead of copies */
    LocalSource(Path folder, boolean link) {
        this.folder = folder.toAbsolutePath().normalize();
        this.link = link;
    }

    @Override
    public String suggestedName() {
        var last = folder.getFileName();
        return last == null ? "" : last.toString();
    }

    @Override
    public boolean isResumable() {
        return false;
    }

    @Override
    public ModelListing list() {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(ExitCode.REFUSED, folder + " is no folder. Choose the folder of a model.");
        }
        try {
            var files = files();
            var paths = files.stream().map(SourceFile::path).toList();
            var advice = new ExportAdvice(folder.toString(), folder.toString(), paths);
            advice.requireIndex();
            var index = PipelineIndex.parse(Files.readString(folder.resolve(PipelineIndex.FILE)));
            advice.requireExported(index);
            var weights = weights(index, paths);
            var needed = files.stream()
                    .filter(file -> index.needs(file.path()))
                    .filter(file -> !index.isWeights(file.path()) || weights.contains(file.path()))
                    .toList();
            return new ModelListing(folder.toString(), license(), index, needed);
        } catch (IOException e) {
            throw unreadable(e);
        } catch (GenerationFailed e) {
            throw new CommandFailed(ExitCode.REFUSED, e.failure().message());
        }
    }

    /** The ONNX files and the external data that they name: an earlier export may have left other data beside them. */
    private Set<String> weights(PipelineIndex index, List<String> paths) {
        var weights = new HashSet<String>();
        for (var path : paths) {
            if (index.isWeights(path) && path.endsWith("/" + PipelineIndex.WEIGHTS)) {
                weights.add(path);
                var network = path.substring(0, path.indexOf('/') + 1);
                ExternalWeights.of(path, folder.resolve(path)).forEach(file -> weights.add(network + file));
            }
        }
        return weights;
    }

    @Override
    public void transfer(SourceFile file, Path target, TransferProgress progress) {
        try {
            var source = folder.resolve(file.path()).toRealPath();
            Files.createDirectories(target.toAbsolutePath().getParent());
            if (link) {
                Files.createLink(target, source);
                progress.add(file.bytes());
            } else {
                copy(source, target, progress);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "%s cannot be %s to %s: %s%s"
                            .formatted(
                                    folder.resolve(file.path()),
                                    link ? "linked" : "copied",
                                    target,
                                    CommandFailed.reason(e),
                                    link ? ". Links work within one file system only; leave out --link." : ""));
        }
    }

    private static void copy(Path source, Path target, TransferProgress progress) throws IOException {
        try (var from = FileChannel.open(source, StandardOpenOption.READ);
                var to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.allocateDirect(BUFFER);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                int count = buffer.remaining();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
                progress.add(count);
            }
        }
    }

    private List<SourceFile> files() throws IOException {
        var files = new ArrayList<SourceFile>();
        try (var walk = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (var path : walk.filter(each -> !Files.isDirectory(each)).toList()) {
                if (!Files.isRegularFile(path)) {
                    throw new CommandFailed(
                            ExitCode.REFUSED,
                            "%s is neither a file nor a folder, or a link to nothing. Delete it, or add another folder."
                                    .formatted(path));
                }
                files.add(new SourceFile(folder.relativize(path).toString(), Files.size(path), null));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return files;
    }

    private String license() throws IOException {
        return CardLicense.in(folder)
                .or(() -> ModelNote.read(folder).map(ModelNote::license))
                .orElse(ModelNote.UNKNOWN_LICENSE);
    }

    private CommandFailed unreadable(IOException failure) {
        return new CommandFailed(
                ExitCode.REFUSED, "%s cannot be read: %s".formatted(folder, CommandFailed.reason(failure)));
    }
}
