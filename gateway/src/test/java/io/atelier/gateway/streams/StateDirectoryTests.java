package io.atelier.gateway.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTests {

    @TempDir
    private Path root;

    @Test
    void eachClusterHasAFolderAndAnInstanceIdThatSurvivesRestarts() {
        var first = StateDirectory.open(root, "cluster-1");

        assertThat(StateDirectory.open(root, "cluster-1")).isEqualTo(first);
        assertThat(StateDirectory.open(root, "cluster-2").path()).isNotEqualTo(first.path());
        assertThat(StateDirectory.open(root, "cluster-2").instance()).isNotEqualTo(first.instance());
    }

    @Test
    void instanceIdIsReadFromItsFile() throws IOException {
        var instance = StateDirectory.open(root, "cluster-1").instance();

        assertThat(root.resolve("cluster-1/instance-id")).hasContent(instance);
        Files.writeString(root.resolve("cluster-1/instance-id"), "gateway-7\n");
        assertThat(StateDirectory.open(root, "cluster-1").instance()).isEqualTo("gateway-7");
    }

    @Test
    void fileInPlaceOfTheDirectoryIsNamedInTheError() throws IOException {
        var file = Files.createFile(root.resolve("file"));

        assertThatThrownBy(() -> StateDirectory.open(file, "cluster-1"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }
}
