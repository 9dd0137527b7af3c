package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads how each image is cut into tiles. */
final class GridFields {

    private static final Pattern LAYOUT = Pattern.compile(RequestLimits.GRID_LAYOUT);

    private final JsonFields grid;

    private GridFields(JsonFields grid) {
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
        grid.allowOnly(GenerationForm.Grid.class, Set.of());
        var trim = trim();
        int minTile = grid.integer("min_tile_px", RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX)
                .map(Long::intValue)
                .orElse(RequestLimits.DEFAULT_TILE_PX);
        grid.value("keep_original")
                .filter(keep -> !keep.isBoolean() || !keep.booleanValue())
                .ifPresent(keep -> {
                    var allowed = keep.isBoolean() ? "true: this version always keeps the uncut grid" : "true or false";
                    grid.error("keep_original", "Must be " + allowed + ".");
                });
        return layout().map(layout ->
                new GridSpec(layout.rows(), layout.cols(), trim.enabled(), trim.inset(), trim.tolerance(), minTile));
    }

    /** Adds an error for a grid whose tiles would all be too small to keep. */
    private void checkTiles(GridSpec spec, ImageSize size) {
        int width = size.width() / spec.cols() - 2 * spec.insetPixels();
        int height = size.height() / spec.rows() - 2 * spec.insetPixels();
        if (Math.min(width, height) < spec.minTilePixels()) {
            grid.error(
                    "layout",
                    "An image of %s cut into %dx%d leaves tiles of %dx%d, below min_tile_px = %d."
                            .formatted(size, spec.rows(), spec.cols(), width, height, spec.minTilePixels()));
        }
    }

    private Optional<Layout> layout() {
        var text = grid.text("layout", 1, 16).orElse("none");
        if (text.equals("none")) {
            return Optional.empty();
        }
        if (text.equals("auto")) {
            grid.error("layout", "This version cannot detect the layout. Name it, such as '2x2'.");
            return Optional.empty();
        }
        var layout = LAYOUT.matcher(text);
        if (!layout.matches()) {
            grid.error("layout", "Must be 'none' or ROWSxCOLUMNS, each 1 to 8, such as '2x2'.");
            return Optional.empty();
        }
        return Optional.of(new Layout(Integer.parseInt(layout.group(1)), Integer.parseInt(layout.group(2))));
    }

    private Trim trim() {
        var given = grid.value("trim");
        if (given.filter(JsonNode::isObject).isPresent()) {
            return grid.object("trim").map(GridFields::trim).orElseThrow();
        }
        var word = given.filter(JsonNode::isString).map(JsonNode::stringValue);
        if (given.isPresent() && word.filter(Set.of("auto", "none")::contains).isEmpty()) {
            grid.error("trim", "Must be 'auto', 'none' or an object with 'inset_px' and 'tolerance'.");
        }
        return word.filter("auto"::equals).isPresent()
                ? new Trim(true, 0, RequestLimits.DEFAULT_TRIM_TOLERANCE)
                : new Trim(false, 0, 0);
    }

    private static Trim trim(JsonFields trim) {
        trim.allowOnly(GenerationForm.Trim.class, Set.of());
        int inset = trim.integer("inset_px", 0, RequestLimits.MAX_TRIM_INSET_PX)
                .orElse(0L)
                .intValue();
        int tolerance = trim.integer("tolerance", 0, RequestLimits.MAX_TRIM_TOLERANCE)
                .map(Long::intValue)
                .orElse(RequestLimits.DEFAULT_TRIM_TOLERANCE);
        return new Trim(true, inset, tolerance);
    }

    /** The number of tiles in each direction. */
    private record Layout(int rows, int cols) {}

    /** How the borders of tiles are removed. */
    private record Trim(boolean enabled, int inset, int tolerance) {}
}
