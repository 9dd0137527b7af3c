package io.atelier.gateway.api.generations;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedUrlsTests {

    private static final JobId JOB = JobId.create(Instant.parse("2026-11-30T10:00:00Z"), new Random(1));
    private static final StoredImage IMAGE =
            new StoredImage(3, StoredImage.Kind.TILE, "jobs/x/0.png", "a".repeat(64), 5, "image/png", 8, 8, null, null);
    private static final ApiPaths PATHS = new ApiPaths("/prefix");

    @ParameterizedTest
    @ValueSource(
            strings = {"https://images.example.org", "https://images.example.org/", " https://images.example.org// "})
    @DisplayName("D-15: with a public base, the URL is base, bucket and key")
    void publishedCopyHasAPublicUrl(String base) {
        var copy = IMAGE.publishedAs(new Publication("avatars", "avatars/42/img_3.png"));

        assertThat(new ImageUrls(PATHS, new PublishedUrls(base)).image(JOB, copy))
                .isEqualTo("https://images.example.org/avatars/avatars/42/img_3.png");
    }

    @Test
    void imageWithoutACopyOrWithoutAPublicBaseHasAPathOfTheApi() {
        var path = "/prefix/v1/generations/" + JOB + "/images/3";
        var copy = IMAGE.publishedAs(new Publication("avatars", "avatars/42/img_3.png"));

        assertThat(new ImageUrls(PATHS, new PublishedUrls("https://images.example.org")).image(JOB, IMAGE))
                .isEqualTo(path);
        assertThat(new ImageUrls(PATHS, new PublishedUrls("")).image(JOB, copy)).isEqualTo(path);
        assertThat(new ImageUrls(PATHS, PublishedUrls.NONE).image(JOB, copy)).isEqualTo(path);
    }
}
