package io.atelier.contract.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The description of an image in the object store: key, digest and size, but not the bytes.
 *
 * @param index number of the image within its task, from 0
 * @param kind role of the image in its job
 * @param key key of the object in the bucket
 * @param sha256 SHA-256 of the bytes in lower-case hex; the strong ETag is derived from it
 * @param bytes length of the file
 * @param mediaType {@code image/png} or {@code image/jpeg}; of an uploaded file also others
 * @param width in pixels
 * @param height in pixels
 * @param seed seed that the image, or the grid of a tile, was generated with; null if unknown, and for engines without seeds
 * @param tile position of the tile in its grid; null unless the image is a tile
 * @param cuts where the grid was cut; null unless the image is a grid that was cut
 * @param provenance what the file says about its origin; null if unknown, as for images of earlier versions
 * @param published where a copy was published; null if none was
 */
public record StoredImage(
        int index,
        Kind kind,
        String key,
        String sha256,
        long bytes,
        String mediaType,
        int width,
        int height,
        @Nullable Long seed,
        @Nullable Tile tile,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Cuts cuts,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Provenance provenance,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Publication published) {

    /** An image that is no grid that was cut, and of which nothing is known about its origin. */
    public StoredImage(
            int index,
            Kind kind,
            String key,
            String sha256,
            long bytes,
            String mediaType,
            int width,
            int height,
            @Nullable Long seed,
            @Nullable Tile tile) {
        this(index, kind, key, sha256, bytes, mediaType, width, height, seed, tile, null, null, null);
    }

    /** The same image with the places at which it was cut. */
    public StoredImage cutAt(@Nullable Cuts places) {
        return new StoredImage(
                index, kind, key, sha256, bytes, mediaType, width, height, seed, tile, places, provenance, published);
    }

    /** The same image with what its file says about its origin. */
    public StoredImage withProvenance(@Nullable Provenance known) {
        return new StoredImage(
                index, kind, key, sha256, bytes, mediaType, width, height, seed, tile, cuts, known, published);
    }

    /** The same image with the place of its published copy. */
    public StoredImage publishedAs(Publication copy) {
        return new StoredImage(
                index, kind, key, sha256, bytes, mediaType, width, height, seed, tile, cuts, provenance, copy);
    }

    /** The same image with another number. */
    public StoredImage numbered(int number) {
        return new StoredImage(
                number, kind, key, sha256, bytes, mediaType, width, height, seed, tile, cuts, provenance, published);
    }

    /** The role of an image in its job. */
    public enum Kind {
        /** An image that is delivered as generated. */
        IMAGE,
        /** An image that contains rows and columns of images. */
        GRID,
        /** One image that was cut out of a grid. */
        TILE;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The position of a tile in its grid.
     *
     * @param row from 0, top to bottom
     * @param col from 0, left to right
     * @param confidence how certain the splitter is about the cut, 0 to 1
     * @param box pixels of the tile in its grid: left, top, right and bottom, right and bottom exclusive; empty if unknown
     */
    public record Tile(
            int row,
            int col,
            double confidence,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> box) {

        public Tile {
            // Records of schema 1.1 have no box.
            box = box == null ? List.of() : List.copyOf(box);
        }

        /** A tile whose pixels are unknown. */
        public Tile(int row, int col, double confidence) {
            this(row, col, confidence, List.of());
        }
    }

    /**
     * The places at which a grid was cut, without its edges.
     *
     * @param x first column of pixels behind each cut between columns of tiles, ascending
     * @param y first row of pixels behind each cut between rows of tiles, ascending
     * @param confidence how certain the splitter is about its least certain cut, 0 to 1
     */
    public record Cuts(List<Integer> x, List<Integer> y, double confidence) {

        public Cuts {
            x = List.copyOf(x);
            y = List.copyOf(y);
        }
    }
}
