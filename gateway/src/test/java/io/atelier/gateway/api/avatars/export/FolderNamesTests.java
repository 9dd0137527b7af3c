package io.atelier.gateway.api.avatars.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.SampleJobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderNamesTests {

    private static final JobId JOB = SampleJobs.in(JobStatus.SUCCEEDED).id();

    private final FolderNames names = new FolderNames();

    @ParameterizedTest
    @ValueSource(strings = {"42", "Ada.Example", "console", "p-1_x"})
    void folderIsThePersona(String id) {
        assertThat(names.of(id, JOB)).isEqualTo(id);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"con", "NUL.png", "Lpt1", "42.", "manifest.json", "Manifest.JSON"})
    void folderIsTheJobIfThePersonaIsImpossible(String id) {
        assertThat(names.of(id, JOB)).isEqualTo(JOB.value());
    }

    @Test
    void foldersThatDifferOnlyInCaseAreAvoided() {
        assertThat(names.of("ada", JOB)).isEqualTo("ada");
        assertThat(names.of("ADA", JOB)).isEqualTo(JOB.value());
    }
}
