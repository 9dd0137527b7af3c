package io.atelier.gateway.api.avatars.export;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.avatars.AvatarBatch;
import io.atelier.gateway.api.export.CsvRows;
import io.atelier.gateway.api.generations.ImageUrls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch as CSV: one line an image, and one for each avatar that has none. It has no text of a person. */
final class AvatarBatchCsv {

    private static final List<String> COLUMNS = List.of(
            "index",
            "persona_id",
            "generation",
            "status",
            "error",
            "message",
            "image",
            "bucket",
            "key",
            "url",
            "width",
            "height",
            "bytes",
            "sha256");

    private static final List<String> NO_IMAGE = Collections.nCopies(8, "");

    private final ImageUrls urls;

    AvatarBatchCsv(ImageUrls urls) {
        this.urls = urls;
    }

    /** @param jobs those that are not erased, by the places of their personas */
    byte[] bytes(AvatarBatch batch, Map<Integer, Job> jobs) {
        var rows = new CsvRows();
        rows.add(COLUMNS);
        batch.avatars().forEach(item -> add(item, jobs.get(item.index()), rows));
        return rows.bytes();
    }

    private void add(AvatarBatch.Item item, @Nullable Job job, CsvRows rows) {
        if (job == null || !job.status().terminal() || job.images().isEmpty()) {
            rows.add(cells(item, NO_IMAGE));
            return;
        }
        job.images().forEach(image -> rows.add(cells(item, cells(job, image))));
    }

    private List<String> cells(Job job, StoredImage image) {
        var copy = image.published();
        return List.of(
                Integer.toString(image.index()),
                copy == null ? "" : copy.bucket(),
                copy == null ? "" : copy.key(),
                urls.image(job.id(), image),
                Integer.toString(image.width()),
                Integer.toString(image.height()),
                Long.toString(image.bytes()),
                image.sha256());
    }

    private static List<String> cells(AvatarBatch.Item item, List<String> image) {
        var error = item.error();
        var cells = new ArrayList<>(List.of(
                Integer.toString(item.index()),
                item.personaId() == null ? "" : item.personaId(),
                item.id(),
                item.status(),
                error == null ? "" : error.code(),
                error == null ? "" : error.message()));
        cells.addAll(image);
        return cells;
    }
}
