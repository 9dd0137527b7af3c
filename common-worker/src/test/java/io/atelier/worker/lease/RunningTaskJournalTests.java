package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningTaskJournalTests {

    private static final Clock NOW = Clock.systemUTC();
    private static final String TASK = "gen_06dahq1v1tw0f8v0sjy2m7sqs0/generate/1";

    @TempDir
    private Path folder;

    @Test
    void countsOnlyWhatRanAtTheEndOfTheProcess() {
        try (var ended = RunningTaskJournal.open(folder, NOW)) {
            ended.started("a/generate/1");
            ended.started("b/generate/1");
            ended.started("c/generate/1");
            ended.finished("a/generate/1");
            ended.released("b/generate/1");
            ended.started("d/generate/1");
        }

        var next = RunningTaskJournal.open(folder, NOW);

        assertThat(next.unfinishedRuns("a/generate/1")).isZero();
        assertThat(next.unfinishedRuns("b/generate/1")).isZero();
        assertThat(next.unfinishedRuns("c/generate/1")).isEqualTo(1);
        assertThat(next.unfinishedRuns("d/generate/1")).isEqualTo(1);
    }

    @Test
    void countsEachProcessThatEnded() {
        runUntilTheEndOfTheProcess();
        runUntilTheEndOfTheProcess();
        // The task waits while this one runs.
        RunningTaskJournal.open(folder, NOW).close();

        assertThat(RunningTaskJournal.open(folder, NOW).unfinishedRuns(TASK)).isEqualTo(2);
    }

    @Test
    void leavesTheTasksOfAnotherWorkerOfTheProcessAlone() {
        var other = RunningTaskJournal.open(folder, NOW);
        other.started(TASK);

        assertThat(RunningTaskJournal.open(folder, NOW).unfinishedRuns(TASK)).isZero();

        other.close();
        assertThat(RunningTaskJournal.open(folder, NOW).unfinishedRuns(TASK)).isEqualTo(1);
    }

    @Test
    void anotherWorkerFindsWhatTheFirstOneCounted() {
        runUntilTheEndOfTheProcess();
        var first = RunningTaskJournal.open(folder, NOW);
        var second = RunningTaskJournal.open(folder, NOW);

        assertThat(first.unfinishedRuns(TASK)).isEqualTo(1);
        assertThat(second.unfinishedRuns(TASK)).isEqualTo(1);
    }

    @Test
    void forgetsTheRunsOfATaskThatFinishes() throws IOException {
        runUntilTheEndOfTheProcess();
        try (var journal = RunningTaskJournal.open(folder, NOW)) {
            journal.started(TASK);
            journal.finished(TASK);

            assertThat(journal.unfinishedRuns(TASK)).isZero();
        }

        RunningTaskJournal.open(folder, NOW).close();

        assertThat(entries())
                .hasSize(1)
                .allSatisfy(file -> assertThat(RunningTaskFile.is(file)).isTrue());
    }

    @Test
    void readsTheFilesOfEarlierVersions() throws IOException {
        Files.createFile(folder.resolve("a_generate_1"));
        Files.writeString(folder.resolve("b_generate_1"), "2");

        var journal = RunningTaskJournal.open(folder, NOW);

        assertThat(journal.unfinishedRuns("a/generate/1")).isEqualTo(1);
        assertThat(journal.unfinishedRuns("b/generate/1")).isEqualTo(2);
    }

    @Test
    void runsMoreTasksThanItHasPlacesFor() {
        int tasks = 300;
        try (var ended = RunningTaskJournal.open(folder, NOW)) {
            for (int task = 0; task < tasks; task++) {
                ended.started(task + "/generate/1");
            }
            for (int task = 0; task < tasks - 1; task++) {
                ended.finished(task + "/generate/1");
            }
            ended.started(TASK);
        }

        assertThat(RunningTaskJournal.open(folder, NOW).unfinishedRuns(TASK)).isEqualTo(1);
    }

    @Test
    void toleratesAFileThatWasCutOff() throws IOException {
        runUntilTheEndOfTheProcess();
        for (var file : entries()) {
            Files.write(file, new byte[0]);
        }

        assertThat(RunningTaskJournal.open(folder, NOW).unfinishedRuns(TASK)).isZero();
    }

    private void runUntilTheEndOfTheProcess() {
        try (var ended = RunningTaskJournal.open(folder, NOW)) {
            ended.started(TASK);
        }
    }

    private List<Path> entries() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
