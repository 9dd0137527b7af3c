package io.atelier.standalone.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileWriterTests {

    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    private Path folder;

    @Test
    void checkLeavesNoFiles() {
        new ImageFileWriter(folder.resolve("x.png"), ".png").check();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void replacesAFile() throws IOException {
        var file = Files.writeString(folder.resolve("x.png"), "an older and longer image");

        var saved = new ImageFileWriter(file, ".png").save("gen_1", 0, 1, BYTES);

        assertThat(saved).isEqualTo(file).hasBinaryContent(BYTES);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void insertsTheNumberBeforeTheExtension() {
        var files = new ImageFileWriter(folder.resolve("a.b.png"), ".png");

        assertThat(files.save("gen_1", 3, 4, BYTES)).hasFileName("a.b-3.png");
    }

    @Test
    void appendsTheNumberToANameWithoutExtension() {
        assertThat(new ImageFileWriter(folder.resolve("x"), ".png").save("gen_1", 0, 2, BYTES))
                .hasFileName("x-0");
    }

    @Test
    void namesFilesInAFolderAfterTheJob() {
        var files = new ImageFileWriter(folder, ".png");
        files.check();

        assertThat(files.save("gen_1", 0, 1, BYTES)).isEqualTo(folder.resolve("gen_1.png"));
        assertThat(files.save("gen_1", 1, 2, BYTES)).isEqualTo(folder.resolve("gen_1-1.png"));
    }

    @Test
    void writesTheFileThatALinkPointsToAndKeepsTheLinkAndThePermissions() throws IOException {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        var file = Files.writeString(elsewhere.resolve("real.png"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        var link = Files.createSymbolicLink(folder.resolve("x.png"), Path.of("elsewhere/real.png"));
        var images = new ImageFileWriter(link, ".png");

        images.check();
        images.save("gen_1", 0, 1, BYTES);

        assertThat(link).isSymbolicLink();
        assertThat(file).hasBinaryContent(BYTES);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void refusesALinkThatLeadsBackToItself() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("x.png"), Path.of("x.png"));

        assertUnwritable(() -> new ImageFileWriter(link, ".png").check());
    }

    @Test
    void refusesADevice() {
        assertUnwritable(() -> new ImageFileWriter(Path.of("/dev/null"), ".png").check());
    }

    @Test
    void refusesAFileAsFolder() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertUnwritable(() -> new ImageFileWriter(file.resolve("x.png"), ".png").check());
    }

    @Test
    void failsIfTheFolderWasDeletedMeanwhile() throws IOException {
        var inner = Files.createDirectory(folder.resolve("inner"));
        var files = new ImageFileWriter(inner.resolve("x.png"), ".png");
        assertThatCode(files::check).doesNotThrowAnyException();
        Files.delete(inner);

        assertUnwritable(() -> files.save("gen_1", 0, 1, BYTES));
    }

    private static void assertUnwritable(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.UNWRITABLE));
    }
}
