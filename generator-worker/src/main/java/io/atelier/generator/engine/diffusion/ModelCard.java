package io.atelier.generator.engine.diffusion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
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
    private static final Pattern FRONT_MATTER = Pattern.compile("\\A---\\R(.*?)\\R---", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("(?m)^license_name:\\s*[\"']?([^\"'\\r\\n]{1,100})");
    private static final Pattern LICENSE = Pattern.compile("(?m)^license:\\s*[\"']?([^\"'\\r\\n]{1,100})");

    /** Reads the card of a model folder; a card that cannot be read counts as missing. */
    static ModelCard of(Path folder) {
        var written = read(folder.resolve("atelier.json")).flatMap(ModelCard::json);
        var license = written.map(json -> json.path("license").asString(""))
                .filter(name -> !name.isBlank())
                .or(() -> read(folder.resolve("README.md")).flatMap(ModelCard::licenseOf))
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

    /** The name of a license of its own stands beside {@code license: other}. */
    private static Optional<String> licenseOf(String card) {
        var matter = FRONT_MATTER.matcher(card);
        if (!matter.find()) {
            return Optional.empty();
        }
        return first(NAME, matter.group(1)).or(() -> first(LICENSE, matter.group(1)));
    }

    private static Optional<String> first(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        return found.find() ? Optional.of(found.group(1).strip()) : Optional.empty();
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
