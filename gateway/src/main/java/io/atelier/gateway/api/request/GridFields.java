package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads how each picture is to be cut into tiles. */
final class GridFields {

    static final Set<String> KNOWN = Set.of("layout", "trim", "min_tile_px", "keep_original");
    private static final Pattern LAYOUT = Pattern.compile("([1-8])x([1-8])");
    private static final int USUAL_TOLERANCE = 12;
    private static final long USUAL_MIN_TILE = 64;

    private final JsonFields grid;

    GridFields(JsonFields grid) {
        this.grid = grid;
    }

    /**
     * How a request's pictures are to be cut; empty if they are not, and after a mistake.
     *
     * @param size of each picture; empty if it is not known
     */
    static Optional<GridSpec> read(JsonFields fields, Optional<ImageSize> size) {
        return fields.object("grid").map(GridFields::new).flatMap(grid -> {
            var spec = grid.read();
            spec.ifPresent(known -> size.ifPresent(picture -> grid.checkTiles(known, picture)));
            return spec;
        });
    }

    /** How to cut; empty if nothing is to be cut, and after a mistake. */
    private Optional<GridSpec> read() {
        grid.allowOnly(KNOWN, Set.of());
        var trim = trim();
        int minTile = grid.whole("min_tile_px", 32, 2048).orElse(USUAL_MIN_TILE).intValue();
        grid.value("keep_original").filter(keep -> !keep.asBoolean(false)).ifPresent(keep -> {
            var must = keep.isBoolean() ? "true: this version always keeps the uncut grid" : "true or false";
            grid.mistake("keep_original", "Must be " + must + ".");
        });
        return layout().map(shape ->
                new GridSpec(shape.height(), shape.width(), trim.wanted(), trim.inset(), trim.tolerance(), minTile));
    }

    /** Makes a mistake of a grid whose tiles would all be too small to keep. */
    private void checkTiles(GridSpec spec, ImageSize size) {
        int width = size.width() / spec.cols() - 2 * spec.insetPixels();
        int height = size.height() / spec.rows() - 2 * spec.insetPixels();
        if (Math.min(width, height) < spec.minTilePixels()) {
            grid.mistake(
                    "layout",
                    "A picture of %s cut into %dx%d leaves tiles of %dx%d, below min_tile_px = %d."
                            .formatted(size, spec.rows(), spec.cols(), width, height, spec.minTilePixels()));
        }
    }

    private Optional<ImageSize> layout() {
        var layout = grid.text("layout", 1, 16).orElse("none");
        if (layout.equals("none")) {
            return Optional.empty();
        }
        if (layout.equals("auto")) {
            grid.mistake("layout", "This version does not find the layout by itself yet. Name it, such as '2x2'.");
            return Optional.empty();
        }
        var shape = LAYOUT.matcher(layout);
        if (!shape.matches()) {
            grid.mistake("layout", "Must be 'none' or ROWSxCOLUMNS, each 1 to 8, such as '2x2'.");
            return Optional.empty();
        }
        return Optional.of(new ImageSize(Integer.parseInt(shape.group(2)), Integer.parseInt(shape.group(1))));
    }

    private Trim trim() {
        var given = grid.value("trim");
        if (given.filter(JsonNode::isObject).isPresent()) {
            return grid.object("trim").map(GridFields::trim).orElseThrow();
        }
        var word = given.filter(JsonNode::isString).map(JsonNode::stringValue);
        if (given.isPresent() && word.filter(Set.of("auto", "none")::contains).isEmpty()) {
            grid.mistake("trim", "Must be 'auto', 'none' or an object with 'inset_px' and 'tolerance'.");
        }
        return word.filter("auto"::equals).isPresent() ? new Trim(true, 0, USUAL_TOLERANCE) : new Trim(false, 0, 0);
    }

    private static Trim trim(JsonFields trim) {
        trim.allowOnly(Set.of("inset_px", "tolerance"), Set.of());
        int inset = trim.whole("inset_px", 0, 256).orElse(0L).intValue();
        int tolerance =
                trim.whole("tolerance", 0, 64).orElse((long) USUAL_TOLERANCE).intValue();
        return new Trim(true, inset, tolerance);
    }

    /** How the borders of tiles go. */
    private record Trim(boolean wanted, int inset, int tolerance) {}
}
