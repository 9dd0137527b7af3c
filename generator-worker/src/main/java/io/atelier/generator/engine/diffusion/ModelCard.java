package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.diffusion.pipeline.model.CardLicense;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a model comes from: from {@code atelier.json}, which {@code ./atelier models add} writes, else from the front matter of
 * {@code README.md}.
 *
 * @param license of the weights; {@code unknown} if the folder does not say
 * @param addedAt when the model came into the folder
 */
record ModelCard(String license, Instant addedAt) {

    /** The card of what is part of the worker. */
    static final ModelCard BUILT_IN = new ModelCard("Apache-2.0", Instant.EPOCH);

    private static final String UNKNOWN = "unknown";
    private static final int MAX_BYTES = 1 << 20;

    /** Reads the card of a model folder; a card that cannot be read counts as missing. */
    static ModelCard of(Path folder) {
        var written = read(folder.resolve("atelier.json")).flatMap(ModelCard::json);
        var license = written.map(json -> json.path("license").asString(""))
                .filter(name -> !name.isBlank())
                .or(() -> read(folder.resolve("README.md")).flatMap(CardLicense::of))
                .orElse(UNKNOWN);
        return new ModelCard(license, modified(folder.resolve("model_index.json")));
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(JsonMapper.shared().readTree(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES
                    ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }
}
