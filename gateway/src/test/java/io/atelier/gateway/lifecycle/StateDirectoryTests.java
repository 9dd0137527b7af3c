package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StateDirectoryTests {

    @TempDir
    private Path root;

    private final Logger log = (Logger) LoggerFactory.getLogger(StateDirectory.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(said);
        log.setLevel(null);
    }

    @Test
    void eachClusterHasAFolderAndAnInstanceIdThatOutlivesRestarts() {
        var first = StateDirectory.open(root, "cluster-1");

        assertThat(StateDirectory.open(root, "cluster-1")).isEqualTo(first);
        assertThat(StateDirectory.open(root, "cluster-2").path()).isNotEqualTo(first.path());
        assertThat(StateDirectory.open(root, "cluster-2").instance()).isNotEqualTo(first.instance());
    }

    @Test
    void storesOfAFormerApplicationAreDeletedAndNothingElseIs() throws IOException {
        var former = store("atelier-jobs-view");
        var present = store("atelier-jobs-view-2");
        var instance = StateDirectory.open(root, "cluster-1").instance();

        var opened = StateDirectory.open(root, "cluster-1").without("atelier-jobs-view");

        assertThat(former).doesNotExist();
        assertThat(present.resolve("global/rocksdb.txt")).hasContent("a store");
        assertThat(opened.instance()).isEqualTo(instance);
        assertThat(said.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains(former.toString()));
    }

    @Test
    void whereNothingIsLeftToDeleteNothingIsSaid() {
        StateDirectory.open(root, "cluster-1").without("atelier-jobs-view");

        assertThat(said.list).isEmpty();
    }

    private Path store(String application) throws IOException {
        var folder = root.resolve("cluster-1").resolve(application);
        Files.createDirectories(folder.resolve("global"));
        Files.writeString(folder.resolve("global/rocksdb.txt"), "a store");
        return folder;
    }
}
