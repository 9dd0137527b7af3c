package io.atelier.messaging.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTests {

    /** Any file of a jar serves as a library here. */
    private static final String PATH = "/kafka/";

    private static final String NAME = "kafka-version.properties";

    @TempDir
    private Path folder;

    @Test
    void aLibraryIsUnpackedOnce() throws IOException {
        var unpacked = NativeLibraries.unpack(folder, PATH, List.of(NAME)).orElseThrow();
        var file = unpacked.resolve(NAME);
        try (var content = Objects.requireNonNull(NativeLibrariesTests.class.getResourceAsStream(PATH + NAME))) {
            assertThat(file).hasBinaryContent(content.readAllBytes());
        }
        var longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, longAgo);

        assertThat(NativeLibraries.unpack(folder, PATH, List.of(NAME))).contains(unpacked);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
        try (var files = Files.list(unpacked)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anInterruptedStartLeavesNoHalfLibraryThatIsUsed() throws IOException {
        var unpacked = NativeLibraries.unpack(folder, PATH, List.of(NAME)).orElseThrow();
        var file = unpacked.resolve(NAME);
        long size = Files.size(file);
        Files.delete(file);
        Files.writeString(unpacked.resolve(NAME + "123.part"), "half");

        NativeLibraries.unpack(folder, PATH, List.of(NAME));

        assertThat(file).hasSize(size);
    }

    @Test
    void aLibraryThatThisMachineLacksIsNotUnpacked() {
        assertThat(NativeLibraries.unpack(folder, PATH, List.of("no-such-library.so")))
                .isEmpty();
        assertThat(NativeLibraries.unpack(folder, PATH, List.of(NAME, "no-such-library.so")))
                .isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFault() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThat(NativeLibraries.unpack(file.resolve("native"), PATH, List.of(NAME)))
                .isEmpty();
    }

    @Test
    void theDataFolderHoldsTheLibraries() {
        assertThat(NativeLibraries.folder(Map.of("ATELIER_DATA", "/srv/atelier")))
                .isEqualTo(Path.of("/srv/atelier/native"));
        assertThat(NativeLibraries.folder(Map.of())).isEqualTo(Path.of("data/native"));
        assertThat(NativeLibraries.folder(Map.of("ATELIER_DATA", ""))).isEqualTo(Path.of("data/native"));
    }
}
