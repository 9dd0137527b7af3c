package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobFolderTests {

    private static final Random RANDOM = new Random(7);
    private static final String DIGEST = "0a1b2c3d4e5f";

    @Test
    void theFolderOfAnIdWithATimeIsInItsMonth() {
        var job = JobId.create(Instant.parse("2026-11-30T23:59:59Z"), RANDOM);

        assertThat(JobFolder.of(job)).isEqualTo("jobs/2026/11/" + job + "/");
    }

    @Test
    void theFolderOfAnIdWithoutATimeIsNamedByItsEnd() {
        var job = JobId.of(UUID.fromString("320c3d4d-cc00-875b-8ec9-32d5f69181c0"));

        assertThat(JobFolder.of(job)).matches("jobs/keyed/[0-9a-z]{2}/" + job + "/");
    }

    @Test
    void anImplausibleTimeIsIgnored() {
        assertThat(JobFolder.of(JobId.create(Instant.parse("1999-12-31T23:59:59Z"), RANDOM)))
                .startsWith("jobs/keyed/");
        assertThat(JobFolder.of(JobId.create(Instant.ofEpochMilli((1L << 48) - 1), RANDOM)))
                .startsWith("jobs/keyed/");
    }

    @Test
    void anImageKeyContainsTaskAttemptAndIndex() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);

        assertThat(JobFolder.image(job, "split", 2, 3)).isEqualTo(JobFolder.of(job) + "split-2/3.png");
    }

    @Test
    void theOriginalOfAnImageIsBesideIt() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);
        var image = JobFolder.image(job, "generate", 1, 3);

        assertThat(JobFolder.original(image)).isEqualTo(JobFolder.of(job) + "generate-1/3.orig");
        assertThat(JobFolder.isOriginalOf(JobFolder.original(image), image)).isTrue();
        assertThat(JobFolder.isOriginalOf(JobFolder.of(job) + "generate-1/13.orig", image))
                .isFalse();
        assertThat(JobFolder.isOriginalOf("k", "k")).isFalse();
    }

    @Test
    void aJpegLiesBesideItsPng() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);
        var png = JobFolder.image(job, "split", 2, 3);

        assertThat(JobFolder.jpeg(png)).isEqualTo(JobFolder.of(job) + "split-2/3.jpg");
        assertThat(JobFolder.png(JobFolder.jpeg(png))).isEqualTo(png);
        assertThat(JobFolder.png(png)).isEqualTo(png);
    }

    @Test
    void aDerivativeNamesTheDigestOfItsImage() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);
        var key = JobFolder.derivative(job, "0a1b", "w256.png");

        assertThat(key).isEqualTo(JobFolder.of(job) + "derivatives/0a1b-w256.png");
        assertThat(JobFolder.derivedFrom(job, key)).contains("0a1b");
        assertThat(JobFolder.derivedFrom(job, JobFolder.image(job, "split-1", 2, 3)))
                .isEmpty();
        assertThat(JobFolder.derivedFrom(job, JobFolder.of(job) + "derivatives/x"))
                .isEmpty();
    }

    @Test
    void theRewrittenPromptIsStoredInTheJobFolder() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);

        assertThat(JobFolder.prompt(job, "0a1b")).isEqualTo(JobFolder.of(job) + "prompt-0a1b.json");
    }

    @Test
    void textsAreToldFromEverythingElse() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);
        var folder = JobFolder.of(job);

        assertThat(JobFolder.persona(job, DIGEST)).isEqualTo(folder + "persona-0a1b2c3d.json");
        assertThat(JobFolder.given(job, DIGEST)).isEqualTo(folder + "given-0a1b2c3d.txt");
        assertThat(JobFolder.text(job, "prompt-1", 2)).isEqualTo(folder + "prompt-1-2/prompt.txt");
        assertThat(List.of(
                        JobFolder.persona(job, DIGEST), JobFolder.given(job, DIGEST), JobFolder.text(job, "base", 12)))
                .allMatch(key -> JobFolder.isText(job, key));
        assertThat(List.of(
                        JobFolder.prompt(job, "0a1b2c3d"),
                        JobFolder.image(job, "base", 1, 0),
                        JobFolder.publication(job, DIGEST),
                        folder + "base-1/deeper/prompt.txt",
                        "jobs/other/persona-0a1b2c3d.json"))
                .noneMatch(key -> JobFolder.isText(job, key));
    }

    @Test
    void publicationsAreToldFromEverythingElse() {
        var job = JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM);
        var key = JobFolder.publication(job, DIGEST);

        assertThat(key).isEqualTo(JobFolder.of(job) + "published-0a1b2c3d.json");
        assertThat(JobFolder.isPublication(job, key)).isTrue();
        assertThat(JobFolder.isPublication(job, JobFolder.persona(job, DIGEST))).isFalse();
        assertThat(JobFolder.isPublication(JobId.create(Instant.parse("2026-11-21T10:00:00Z"), RANDOM), key))
                .isFalse();
    }
}
