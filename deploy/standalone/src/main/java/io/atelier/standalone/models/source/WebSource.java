package io.atelier.standalone.models.source;

import io.atelier.generator.engine.diffusion.pipeline.model.CardLicense;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.library.ModelNote;
import io.atelier.standalone.models.transfer.FileDownload;
import io.atelier.standalone.models.transfer.FileServer;
import io.atelier.standalone.models.transfer.TransferProgress;
import io.atelier.standalone.models.transfer.WebResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model folder on a web server. A server does not list its files, so those that a pipeline can have are asked for one by one. There are no checksums.
 */
final class WebSource implements ModelSource {

    private static final int MAX_CARD = 4 << 20;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final String CARD = "README.md";

    /** External data of exports by optimum, by PyTorch and by the older exporter of diffusers. */
    private static final List<String> NETWORK_FILES =
            List.of("config.json", PipelineIndex.WEIGHTS, "model.onnx_data", "model.onnx.data", "weights.pb");

    private static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "tokenizer.json",
            "vocab.json",
            "merges.txt",
            "vocab.txt",
            "spiece.model");

    private final URI base;
    private final FileServer server;

    /** @param base the address of the folder, with a slash at the end */
    WebSource(URI base, FileServer server) {
        this.base = base;
        this.server = server;
    }

    @Override
    public String suggestedName() {
        return base.getPath().replaceFirst("/+$", "").replaceFirst(".*/", "");
    }

    @Override
    public boolean isResumable() {
        return true;
    }

    @Override
    public ModelListing list() {
        var index = PipelineIndex.parse(
                server.text(address(PipelineIndex.FILE), PipelineIndex.MAX_BYTES, this::refusedIndex));
        var files = new ArrayList<SourceFile>();
        for (var path : candidates(index)) {
            server.describe(
                            address(path),
                            response -> new SourceFile(path, response.length(), null, response.version()),
                            WebSource::refused)
                    .ifPresent(files::add);
        }
        var paths = files.stream().map(SourceFile::path).toList();
        new ExportAdvice(base.toString(), base.toString(), paths).requireExported(index);
        return new ModelListing(base.toString(), license(paths), index, files);
    }

    @Override
    public void transfer(SourceFile file, Path target, TransferProgress progress) {
        new FileDownload(
                        server,
                        address(file.path()),
                        target,
                        file.path(),
                        file.bytes(),
                        null,
                        progress,
                        WebSource::refused)
                .run();
    }

    private static List<String> candidates(PipelineIndex index) {
        var paths = new ArrayList<>(List.of(PipelineIndex.FILE, CARD, "LICENSE", "LICENSE.md"));
        paths.add("scheduler/scheduler_config.json");
        index.tokenizers().forEach(folder -> TOKENIZER_FILES.forEach(file -> paths.add(folder + "/" + file)));
        index.networks().forEach(folder -> NETWORK_FILES.forEach(file -> paths.add(folder + "/" + file)));
        index.optionalNetworks().forEach(folder -> NETWORK_FILES.forEach(file -> paths.add(folder + "/" + file)));
        return paths;
    }

    private String license(List<String> paths) {
        return paths.contains(CARD)
                ? CardLicense.of(server.text(address(CARD), MAX_CARD, WebSource::refused))
                        .orElse(ModelNote.UNKNOWN_LICENSE)
                : ModelNote.UNKNOWN_LICENSE;
    }

    private URI address(String path) {
        return base.resolve(path);
    }

    private CommandFailed refusedIndex(WebResponse response) {
        return new CommandFailed(
                exitCode(response),
                "%s answers HTTP %d. The address must be that of a folder with %s in it."
                        .formatted(address(PipelineIndex.FILE), response.status(), PipelineIndex.FILE));
    }

    private static CommandFailed refused(WebResponse response) {
        return new CommandFailed(
                exitCode(response),
                "%s answers HTTP %d. Check that the server allows it."
                        .formatted(response.address().toString().replaceFirst("\\?.*", ""), response.status()));
    }

    private static ExitCode exitCode(WebResponse response) {
        return response.status() >= FIRST_SERVER_ERROR ? ExitCode.NOT_RUNNING : ExitCode.REFUSED;
    }
}
