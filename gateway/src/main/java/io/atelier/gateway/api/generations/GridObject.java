package io.atelier.gateway.api.generations;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The layout of the uncut grids, their images, and where they were cut. */
@Schema(name = "Grid")
record GridObject(
        int rows,
        int cols,

        @Schema(description = "Where the first grid was cut; null until then") @Nullable
        Cuts cuts,

        @Schema(description = "How certain the least certain cut of all grids is, 0 to 1; null until they are cut")
        @Nullable
        Double confidence,

        List<ImageObject> originals) {

    static GridObject of(GridSpec spec, Job job, ImageUrls urls) {
        var cuts = job.grids().stream()
                .flatMap(grid -> Optional.ofNullable(grid.cuts()).stream())
                .toList();
        var lowest = cuts.stream().mapToDouble(StoredImage.Cuts::confidence).min();
        return new GridObject(
                spec.rows(),
                spec.cols(),
                cuts.isEmpty() ? null : Cuts.of(cuts.get(0)),
                lowest.isPresent() ? lowest.getAsDouble() : null,
                ImageObject.grids(job, urls));
    }

    /** The places at which a grid was cut. */
    @Schema(name = "GridCuts", description = "The first column and row of pixels behind each cut")
    record Cuts(List<Integer> x, List<Integer> y) {

        static Cuts of(StoredImage.Cuts cuts) {
            return new Cuts(cuts.x(), cuts.y());
        }
    }
}
