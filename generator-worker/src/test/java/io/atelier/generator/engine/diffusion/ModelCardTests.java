package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTests {

    @TempDir
    private Path folder;

    @DisplayName("The license is that of the note of ./atelier models add, else that of README.md, else unknown")
    @Test
    void licenseOfTheNoteComesFirst() throws IOException {
        assertThat(ModelCard.of(folder).license()).isEqualTo("unknown");

        Files.writeString(
                folder.resolve("README.md"), "\uFEFF---\nlicense: mit\nlicense_name: another\n---\n# A model");
        assertThat(ModelCard.of(folder).license()).isEqualTo("mit");

        Files.writeString(folder.resolve("atelier.json"), "{\"license\": \" \"}");
        assertThat(ModelCard.of(folder).license()).isEqualTo("mit");

        Files.writeString(folder.resolve("atelier.json"), "{\"license\": \"apache-2.0\"}");
        assertThat(ModelCard.of(folder).license()).isEqualTo("apache-2.0");
    }

    @Test
    void cardThatCannotBeReadCountsAsMissing() throws IOException {
        Files.writeString(folder.resolve("atelier.json"), "{");
        Files.createDirectory(folder.resolve("README.md"));

        assertThat(ModelCard.of(folder)).isEqualTo(new ModelCard("unknown", Instant.EPOCH));
    }

    @Test
    void modelIsAsOldAsItsIndex() throws IOException {
        var index = Files.writeString(folder.resolve("model_index.json"), "{}");
        var time = Instant.parse("2026-01-02T03:04:05Z");
        Files.setLastModifiedTime(index, FileTime.from(time));

        assertThat(ModelCard.of(folder).addedAt()).isEqualTo(time);
    }
}
