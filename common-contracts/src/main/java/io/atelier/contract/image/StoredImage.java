package io.atelier.contract.image;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A picture that lies in the object store: what it is and where it is, never its bytes.
 *
 * @param index its number among the pictures of its task, from 0
 * @param kind what part it plays in the job
 * @param key where it lies in the bucket
 * @param sha256 lower-case hex of its bytes; the strong ETag is made of it
 * @param bytes its length
 * @param mediaType {@code image/png}
 * @param seed the seed that drew it; null for a tile, and for a picture of an engine that draws by none
 * @param tile its place in the grid; null unless it is a tile
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
        @Nullable Tile tile) {

    /** What part a picture plays. */
    public enum Kind {
        IMAGE,
        GRID,
        TILE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where a tile was cut from.
     *
     * @param row from 0, top to bottom
     * @param col from 0, left to right
     * @param confidence 0 to 1: how sure the cut is
     */
    public record Tile(int row, int col, double confidence) {}
}
