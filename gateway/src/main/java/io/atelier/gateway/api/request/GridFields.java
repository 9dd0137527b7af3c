package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.api.request.TrimFields.Mode;
import io.atelier.gateway.api.request.TrimFields.Trim;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads how each image is cut into tiles. */
final class GridFields {

    private static final Pattern LAYOUT = Pattern.compile(RequestLimits.GRID_LAYOUT);

    private final JsonFields grid;

    /** @param grid the object with the fields {@code layout}, {@code trim} and {@code min_tile_px} */
    GridFields(JsonFields grid) {
        this.grid = grid;
    }

    /**
     * The grid of a request; empty if nothing is cut, and after an error.
     *
     * @param size of each image; empty if it is unknown
     */
    static Optional<GridSpec> read(JsonFields fields, Optional<ImageSize> size) {
        return fields.object("grid").map(GridFields::new).flatMap(grid -> {
            var spec = grid.read();
            spec.ifPresent(known -> size.ifPresent(image -> grid.checkTiles(known, image)));
            return spec;
        });
    }

    private Optional<GridSpec> read() {
        grid.allowOnly(GridForm.class, Set.of());
        grid.value("keep_original")
                .filter(keep -> !keep.isBoolean() || !keep.booleanValue())
                .ifPresent(keep -> {
                    var allowed = keep.isBoolean() ? "true: this version always keeps the uncut grid" : "true or false";
                    grid.error("keep_original", "Must be " + allowed + ".");
                });
        var text = grid.text("layout", 1, 16).orElse("none");
        var layout = text.equals("none") ? Optional.<Layout>empty() : layout(text, "'none' or ");
        return spec(layout, new TrimFields(grid).read());
    }

    /**
     * The grid of a request that only splits; empty after an error.
     *
     * @param standard the layout if the request has none
     * @param mode how to trim, if the field does not say it
     */
    Optional<GridSpec> readSplit(Layout standard, Optional<Mode> mode) {
        var text = grid.text("layout", 1, 16);
        var trim = new TrimFields(grid).read();
        return spec(
                text.isPresent() ? layout(text.get(), "") : Optional.of(standard),
                mode.map(Trim::of).orElse(trim));
    }

    private Optional<GridSpec> spec(Optional<Layout> layout, Trim trim) {
        int minTile = minTile(trim);
        return layout.map(cells -> trim.spec(cells.rows(), cells.cols(), minTile));
    }

    /** The shortest side of a tile, which can be given in two places. */
    private int minTile(Trim trim) {
        var own = grid.integer("min_tile_px", RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX)
                .map(Long::intValue);
        if (own.isPresent() && trim.minTile().isPresent() && !own.equals(trim.minTile())) {
            grid.error("min_tile_px", "Differs from trim.min_tile_px, which sets the same. Send one of the two.");
        }
        return own.or(trim::minTile).orElse(trim.defaultMinTile());
    }

    /** Adds an error for a grid whose tiles would all be too small to keep. */
    void checkTiles(GridSpec spec, ImageSize size) {
        int width = size.width() / spec.cols() - 2 * spec.insetPixels();
        int height = size.height() / spec.rows() - 2 * spec.insetPixels();
        if (Math.min(width, height) < spec.minTilePixels()) {
            grid.error(
                    "layout",
                    "An image of %s cut into %dx%d leaves tiles of %dx%d, below min_tile_px = %d."
                            .formatted(size, spec.rows(), spec.cols(), width, height, spec.minTilePixels()));
        }
    }

    private Optional<Layout> layout(String text, String others) {
        if (text.equals("auto")) {
            grid.error("layout", "This version cannot detect the layout. Name it, such as '2x2'.");
            return Optional.empty();
        }
        var layout = LAYOUT.matcher(text);
        if (!layout.matches()) {
            grid.error("layout", "Must be " + others + "ROWSxCOLUMNS, each 1 to 8, such as '2x2'.");
            return Optional.empty();
        }
        return Optional.of(new Layout(Integer.parseInt(layout.group(1)), Integer.parseInt(layout.group(2))));
    }

    /** The number of tiles in each direction. */
    record Layout(int rows, int cols) {

        /** What is cut if nothing else is said. */
        static final Layout STANDARD = new Layout(2, 2);
    }
}
