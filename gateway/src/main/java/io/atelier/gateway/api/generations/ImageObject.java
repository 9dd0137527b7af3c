package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of an image of a job. */
@Schema(name = "Image")
record ImageObject(
        @Schema(description = "The index among the deliverables, or among the grids")
        int index,

        @Schema(
                allowableValues = {"image", "grid", "tile"},
                example = "image")
        String kind,

        @Nullable Tile tile,

        @Schema(description = "Where the grid was cut; left out unless it is a grid that was cut")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        GridObject.@Nullable Cuts cuts,

        @Schema(example = "image/png") String mediaType,

        @Schema(example = "512") int width,
        @Schema(example = "512") int height,
        @Schema(description = "The length of the file") long bytes,

        @Schema(description = "The SHA-256 of the file, in lower-case hex")
        String sha256,

        @Schema(description = "The seed of the image, or of the grid of a tile") @Nullable
        Long seed,

        @Schema(
                description =
                        "What the file says about its origin; left out if unknown, as for images of earlier versions")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Origin provenance,

        @Schema(description = "The bucket of its published copy; left out if there is none", example = "avatars")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String bucket,

        @Schema(
                description =
                        "The key of its published copy, which a later avatar of the same person may overwrite; left out if there"
                                + " is none",
                example = "avatars/42/img_0.png")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String key,

        @Schema(
                description =
                        "Where to get it: a path of this API; or, if it is published and S3_PUBLIC_URL_BASE is set, the address"
                                + " of the copy",
                example = "/v1/generations/gen_06dahq1v1tw0f8v0sjy2m7sqs0/images/0")
        String url) {

    /** The deliverables of a job, in their order. The number of a tile is that of its cell, also when others were left out. */
    static List<ImageObject> deliverables(Job job, ImageUrls urls) {
        var images = new ArrayList<ImageObject>();
        for (var image : job.images()) {
            images.add(of(image, urls.image(job.id(), image), image.index()));
        }
        return images;
    }

    /** The uncut grids of a job, in their order. */
    static List<ImageObject> grids(Job job, ImageUrls urls) {
        var grids = new ArrayList<ImageObject>();
        for (var grid : job.grids()) {
            grids.add(of(grid, urls.paths().grid(job.id(), grids.size()), grids.size()));
        }
        return grids;
    }

    /** The base image of an avatar. */
    static ImageObject base(StoredImage image, JobId job, ImageUrls urls) {
        return of(image, urls.paths().base(job), 0);
    }

    private static ImageObject of(StoredImage image, String url, int index) {
        var tile = image.tile();
        var copy = image.published();
        return new ImageObject(
                index,
                image.kind().word(),
                tile == null ? null : new Tile(tile.row(), tile.col(), tile.box(), tile.confidence()),
                image.cuts() == null ? null : GridObject.Cuts.of(image.cuts()),
                image.mediaType(),
                image.width(),
                image.height(),
                image.bytes(),
                image.sha256(),
                image.seed(),
                image.provenance() == null ? null : Origin.of(image.provenance()),
                copy == null ? null : copy.bucket(),
                copy == null ? null : copy.key(),
                url);
    }

    /** What a file says about its origin, for programs that read it. */
    @Schema(name = "Provenance")
    record Origin(
            @Schema(
                    description = "Whether the file has an XMP packet with the IPTC digital source type of media that a"
                            + " model generated")
            boolean marked,

            @Schema(
                    description =
                            "What became of the C2PA manifest of a provider's file: kept byte for byte, dropped because the"
                                    + " image was cut or converted, or none",
                    allowableValues = {"kept", "dropped", "none"})
            String c2pa) {

        static Origin of(Provenance provenance) {
            return new Origin(provenance.marked(), provenance.c2pa().word());
        }
    }

    /** The position of a tile in its grid, and the confidence of the cut, from 0 to 1. */
    @Schema(name = "Tile")
    record Tile(
            int row,
            int col,

            @Schema(
                    description =
                            "Its pixels in the grid: left, top, right and bottom, right and bottom exclusive; left out if"
                                    + " unknown",
                    example = "[12, 12, 504, 504]")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<Integer> box,

            double confidence) {}

    /** The JSON of the list of a job's deliverables. */
    @Schema(name = "ImageList")
    record Listing(@Schema(allowableValues = "list") String object, List<ImageObject> data) {}
}
