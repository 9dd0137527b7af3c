package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobViewSettingsTests {

    @TempDir
    Path state;

    @Test
    void storesOfEarlierLayoutsAreDeletedAndNothingElse() throws IOException {
        var former = Files.createDirectories(state.resolve("atelier-job-view/global/rocksdb/jobs"));
        Files.writeString(former.resolve("000007.sst"), "jobs");
        var present = Files.createDirectories(state.resolve("atelier-job-view-2/global"));
        var lifecycle = Files.createDirectories(state.resolve("atelier-lifecycle/0_0"));

        JobViewSettings.deleteFormerStores(JobViewSettings.in(state));

        assertThat(state.resolve("atelier-job-view")).doesNotExist();
        assertThat(present).exists();
        assertThat(lifecycle).exists();
    }
}
