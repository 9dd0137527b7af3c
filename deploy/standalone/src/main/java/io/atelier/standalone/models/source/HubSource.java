package io.atelier.standalone.models.source;

import io.atelier.generator.engine.diffusion.pipeline.model.CardLicense;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.library.ModelNote;
import io.atelier.standalone.models.transfer.ContentChecksum;
import io.atelier.standalone.models.transfer.FileDownload;
import io.atelier.standalone.models.transfer.FileServer;
import io.atelier.standalone.models.transfer.TransferProgress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A repository of the Hugging Face Hub. All files are those of one commit; the hub names a checksum for each. */
final class HubSource implements ModelSource {

    /** Repositories with thousands of files have a description of some MB. */
    private static final int MAX_DESCRIPTION = 32 << 20;

    private static final JsonMapper JSON = new JsonMapper();

    private final HubAddress model;
    private final FileServer server;
    private final HubRefusal refusal;
    private String commit = "";

    HubSource(HubAddress model, FileServer server) {
        this.model = model;
        this.server = server;
        this.refusal = new HubRefusal(model, server.hasToken());
    }

    @Override
    public String suggestedName() {
        return model.name();
    }

    @Override
    public boolean isResumable() {
        return true;
    }

    @Override
    public ModelListing list() {
        var description = description();
        commit = description.path("sha").asString("");
        if (!commit.matches("[0-9a-fA-F]{7,64}")) {
            throw unexpected("it names no commit");
        }
        var files = description.path("siblings").valueStream().toList();
        var paths = files.stream().map(HubSource::path).toList();
        var advice = new ExportAdvice(model.toString(), model.repository(), paths);
        advice.requireIndex();
        var index = PipelineIndex.parse(
                server.text(model.file(commit, PipelineIndex.FILE), PipelineIndex.MAX_BYTES, refusal::of));
        advice.requireExported(index);
        return new ModelListing(
                "hf:" + model.repository() + "@" + commit, license(description), index, needed(files, index));
    }

    @Override
    public void transfer(SourceFile file, Path target, TransferProgress progress) {
        new FileDownload(
                        server,
                        model.file(commit, file.path()),
                        target,
                        file.path(),
                        file.bytes(),
                        file.checksum(),
                        progress,
                        refusal::of)
                .run();
    }

    private JsonNode description() {
        try {
            return JSON.readTree(server.text(model.description(), MAX_DESCRIPTION, refusal::of));
        } catch (JacksonException e) {
            throw unexpected("it is no JSON");
        }
    }

    /** Each file of the repository is checked, also those that are not needed: a list with one bad path is not trusted. */
    private static List<SourceFile> needed(List<JsonNode> files, PipelineIndex index) {
        return files.stream()
                .map(HubSource::file)
                .filter(file -> index.needs(file.path()))
                .toList();
    }

    private static SourceFile file(JsonNode file) {
        return new SourceFile(path(file), file.path("size").asLong(-1), checksum(file));
    }

    private static @Nullable ContentChecksum checksum(JsonNode file) {
        var large = file.path("lfs").path("sha256").asString("");
        var checksum = large.isEmpty()
                ? new ContentChecksum(
                        ContentChecksum.Kind.GIT_BLOB, file.path("blobId").asString(""))
                : new ContentChecksum(ContentChecksum.Kind.SHA_256, large);
        return checksum.isWellFormed() ? checksum : null;
    }

    private static String path(JsonNode file) {
        return file.path("rfilename").asString("");
    }

    private static String license(JsonNode description) {
        var card = description.path("cardData");
        var license = card.path("license");
        var first = license.isArray() ? license.path(0) : license;
        return CardLicense.of(first.asString(""), card.path("license_name").asString(""))
                .orElse(ModelNote.UNKNOWN_LICENSE);
    }

    private CommandFailed unexpected(String what) {
        return new CommandFailed(
                ExitCode.NOT_RUNNING,
                "%s gave no description of a model: %s. Check HF_ENDPOINT.".formatted(model.description(), what));
    }
}
