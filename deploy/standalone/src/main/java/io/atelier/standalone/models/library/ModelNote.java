package io.atelier.standalone.models.library;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is noted about a model in its folder, in {@code atelier.json}.
 *
 * @param license of the weights, as an SPDX id or in words
 * @param source where the model came from
 * @param addedAt when it came into the models folder, in the form of ISO 8601; the empty string if that is not known
 */
public record ModelNote(String license, String source, String addedAt) {

    /** The license of a model that says nothing about it. */
    public static final String UNKNOWN_LICENSE = "unknown";

    private static final String FILE = "atelier.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads the note in a model folder; empty if there is none, or if it cannot be read. */
    public static Optional<ModelNote> read(Path folder) {
        try {
            var note = JSON.readTree(Files.readString(folder.resolve(FILE)));
            return Optional.of(new ModelNote(
                    note.path("license").asString(UNKNOWN_LICENSE),
                    note.path("source").asString(""),
                    note.path("added_at").asString("")));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Writes the note to a model folder. */
    public void write(Path folder) {
        var note = new LinkedHashMap<String, String>();
        note.put("license", license);
        note.put("source", source);
        note.put("added_at", addedAt);
        var file = folder.resolve(FILE);
        try {
            Files.writeString(file, JSON.writeValueAsString(note) + "\n");
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE, "%s cannot be written: %s".formatted(file, CommandFailed.reason(e)));
        }
    }
}
