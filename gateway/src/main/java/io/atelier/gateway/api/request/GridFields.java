package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.api.request.TrimFields.Mode;
import io.atelier.gateway.api.request.TrimFields.Trim;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads how each image is cut into tiles. */
final class GridFields {

    private static final Pattern LAYOUT = Pattern.compile(RequestLimits.GRID_LAYOUT);
    private static final String LAYOUT_FIELD = "layout";
    private static final String NONE = "none";

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
        var text = grid.word("layout").orElse(NONE);
        var layout = text.equals(NONE) ? Optional.<Layout>empty() : layout(text, "Must be 'none' or ROWSxCOLUMNS");
        var spec = spec(layout, new TrimFields(grid).read(), Optional.empty());
        if (text.equals(NONE)) {
            refuseWithoutLayout();
        }
        return spec;
    }

    /** Without a layout nothing is cut, so that the other fields would silently do nothing. */
    private void refuseWithoutLayout() {
        var others = JsonFields.names(GridForm.class).stream()
                .filter(name -> !name.equals(LAYOUT_FIELD) && grid.has(name))
                .toList();
        boolean isWrong = grid.has(LAYOUT_FIELD)
                && grid.value(LAYOUT_FIELD).filter(JsonNode::isString).isEmpty();
        if (!others.isEmpty() && !isWrong) {
            grid.error(
                    LAYOUT_FIELD,
                    "%s, so nothing is cut, and %s would do nothing. Name the layout, such as '2x2', or leave the rest out."
                            .formatted(grid.has(LAYOUT_FIELD) ? "Is 'none'" : "Is missing", String.join(", ", others)));
        }
    }

    /**
     * The grid of a request that only splits; empty after an error.
     *
     * @param standard the layout if the request has none
     * @param mode how to trim, if the field does not say it
     * @param minTile the shortest side of a tile, if the field does not say it
     */
    Optional<GridSpec> readSplit(Layout standard, Optional<Mode> mode, Optional<Integer> minTile) {
        var text = grid.word("layout");
        var trim = new TrimFields(grid).read();
        return spec(
                text.isPresent() ? layout(text.get(), "Must be ROWSxCOLUMNS") : Optional.of(standard),
                mode.map(Trim::of).orElse(trim),
                minTile);
    }

    private Optional<GridSpec> spec(Optional<Layout> layout, Trim trim, Optional<Integer> given) {
        int minTile = minTile(trim, given);
        return layout.map(cells -> trim.spec(cells.rows(), cells.cols(), minTile));
    }

    /** The shortest side of a tile, which can be given in two places. */
    private int minTile(Trim trim, Optional<Integer> given) {
        var own = grid.integer("min_tile_px", RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX)
                .map(Long::intValue)
                .or(() -> given);
        if (own.isPresent() && trim.minTile().isPresent() && !own.equals(trim.minTile())) {
            grid.error("min_tile_px", "Differs from trim.min_tile_px, which sets the same. Send one of the two.");
        }
        return own.or(trim::minTile).orElse(trim.defaultMinTile());
    }

    /** Adds an error for a grid whose tiles would all be too small to keep. */
    void checkTiles(GridSpec spec, ImageSize size) {
        tooSmall(spec, size).ifPresent(detail -> grid.error(decisiveForTiles(), detail));
    }

    /** What is wrong with a grid whose tiles would all be too small to keep; empty if they are not. */
    static Optional<String> tooSmall(GridSpec spec, ImageSize size) {
        int cellWidth = size.width() / spec.cols();
        int cellHeight = size.height() / spec.rows();
        int width = cellWidth - 2 * spec.insetPixels();
        int height = cellHeight - 2 * spec.insetPixels();
        if (Math.min(width, height) >= spec.minTilePixels()) {
            return Optional.empty();
        }
        var cut = "An image of %s cut into %dx%d".formatted(size, spec.rows(), spec.cols());
        return Optional.of(
                Math.min(width, height) < 1
                        ? "%s has cells of %dx%d, of which inset_px = %d leaves nothing. Cut into fewer cells, or send a smaller inset_px."
                                .formatted(cut, cellWidth, cellHeight, spec.insetPixels())
                        : "%s leaves tiles of %dx%d, below min_tile_px = %d. Cut into fewer cells, or send a smaller min_tile_px."
                                .formatted(cut, width, height, spec.minTilePixels()));
    }

    /** The field that decides about the size of a tile; of those that the client sent, if it sent one. */
    private String decisiveForTiles() {
        return Stream.of(LAYOUT_FIELD, "min_tile_px", "trim")
                .filter(grid::has)
                .findFirst()
                .orElse(LAYOUT_FIELD);
    }

    private Optional<Layout> layout(String text, String allowed) {
        if (text.equals("auto")) {
            grid.error("layout", "This version cannot detect the layout. Name it, such as '2x2'.");
            return Optional.empty();
        }
        var layout = Layout.of(text);
        if (layout.isEmpty()) {
            grid.error(LAYOUT_FIELD, allowed + Layout.EACH);
        }
        return layout;
    }

    /** The number of tiles in each direction. */
    record Layout(int rows, int cols) {

        /** What is cut if nothing else is said. */
        static final Layout STANDARD = new Layout(2, 2);

        private static final String EACH = ", each 1 to 8, such as '2x2'.";

        /** What a layout must be. */
        static final String ALLOWED = "Must be ROWSxCOLUMNS" + EACH;

        /** The layout in the form ROWSxCOLUMNS; empty if the text is none. */
        static Optional<Layout> of(String text) {
            var layout = LAYOUT.matcher(text);
            return layout.matches()
                    ? Optional.of(new Layout(Integer.parseInt(layout.group(1)), Integer.parseInt(layout.group(2))))
                    : Optional.empty();
        }
    }
}
