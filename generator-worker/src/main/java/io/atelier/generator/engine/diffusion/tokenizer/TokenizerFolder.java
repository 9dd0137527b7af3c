package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with the files of one tokenizer. */
final class TokenizerFolder {

    /** Far above the largest vocabularies, which have 20 MB. */
    private static final long MAX_BYTES = 128L << 20;

    private final Path folder;

    TokenizerFolder(Path folder) {
        this.folder = folder;
    }

    boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    /**
     * Reads a file.
     *
     * @throws GenerationFailed if it is missing, too large or cannot be read
     */
    TokenizerFile file(String name) {
        require(name);
        var path = folder.resolve(name);
        var shown = shown(name);
        try {
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                throw new TokenizerFile(shown, new byte[0])
                        .unusable("it has %d bytes, at most %d are allowed".formatted(size, MAX_BYTES));
            }
            return new TokenizerFile(shown, Files.readAllBytes(path));
        } catch (IOException e) {
            throw FileFailure.of("The tokenizer file " + shown, e, "Download or export the model again.");
        }
    }

    /** Fails if a file is missing. */
    void require(String name) {
        if (!has(name)) {
            throw TokenizerFile.failed(
                    "The tokenizer file %s is missing. Download or export the model again.".formatted(shown(name)),
                    null);
        }
    }

    /** Without the path of the model: clients read it. */
    private String shown(String name) {
        return folder.getFileName() + "/" + name;
    }

    GenerationFailed unknownKind() {
        var problem = Files.isDirectory(folder) ? "has no tokenizer" : "does not exist";
        return TokenizerFile.failed(
                ("The folder %s %s. It must have tokenizer.json, vocab.json and merges.txt, spiece.model or vocab.txt."
                                + " Download or export the model again.")
                        .formatted(folder.getFileName(), problem),
                null);
    }
}
