package io.atelier.splitter.grid;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.png.PngRaster;
import io.atelier.splitter.grid.Tile.Remark;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * An image that contains rows and columns of images. It is not changed, and must not be changed by others while it is being split.
 *
 * <p>The cells cover the image: before insets and trimming, each pixel belongs to exactly one. The same image and spec give the same tiles.
 */
public final class Grid {

    private final ArgbPixels pixels;

    public Grid(PngRaster raster) {
        this(raster, new Box(0, 0, raster.header().width(), raster.header().height()));
    }

    /** @param part the pixels that belong to the grid; the boxes of its tiles begin at its upper left pixel */
    public Grid(PngRaster raster, Box part) {
        this.pixels = new ArgbPixels(raster, part);
    }

    /** All {@code spec.tiles()} tiles row by row, including those that are too small. */
    public List<Tile> split(GridSpec spec) {
        return split(spec, spec.rows());
    }

    /** The tiles of a grid that has only one row of them, with as many columns as the spec says. */
    public List<Tile> splitRow(GridSpec spec) {
        return split(spec, 1);
    }

    private List<Tile> split(GridSpec spec, int rowCount) {
        var rows = PixelLines.rows(pixels, spec.tolerance());
        var columns = PixelLines.columns(pixels, spec.tolerance());
        var across = new CutLines(rows, rowCount);
        var down = new CutLines(columns, spec.cols());
        var blank =
                gutterColour(across, down, spec.tolerance()).or(() -> borderColour(rows, columns, spec.tolerance()));
        var ys = across.find(blank.orElse(null));
        var xs = down.find(blank.orElse(null));
        var tiles = new ArrayList<Tile>(rowCount * spec.cols());
        for (int row = 0; row < rowCount; row++) {
            for (int col = 0; col < spec.cols(); col++) {
                var cell = new Cell(row, col, xs.get(col), xs.get(col + 1), ys.get(row), ys.get(row + 1));
                tiles.add(tile(cell, spec, blank));
            }
        }
        return tiles;
    }

    /** A cell of the grid with the four cuts around it. */
    private record Cell(
            int row, int col, CutLines.Cut left, CutLines.Cut right, CutLines.Cut top, CutLines.Cut bottom) {
        Box box() {
            return new Box(left.at(), top.at(), right.at() - left.at(), bottom.at() - top.at());
        }

        double confidence() {
            return Math.min(
                    Math.min(left.confidence(), right.confidence()), Math.min(top.confidence(), bottom.confidence()));
        }
    }

    private Tile tile(Cell cell, GridSpec spec, Optional<BackgroundColour> blank) {
        int inset = spec.insetPixels();
        var box = cell.box().without(inset, inset, inset, inset);
        var remarks = EnumSet.noneOf(Remark.class);
        if (spec.trim() && blank.isPresent() && box.shorterSide() > 0) {
            var trimmed = new Trim(pixels, blank.get()).of(box);
            box = trimmed.box();
            trimmed.remark().ifPresent(remarks::add);
        }
        if (box.shorterSide() < Math.max(1, spec.minTilePixels())) {
            remarks.add(Remark.REJECTED);
        }
        return new Tile(cell.row(), cell.col(), box, cell.confidence(), remarks);
    }

    /** The colour that gives the most inner cuts a clear gutter. */
    private static Optional<BackgroundColour> gutterColour(CutLines across, CutLines down, int tolerance) {
        ToLongFunction<BackgroundColour> gutters = blank -> across.gutterScore(blank) + down.gutterScore(blank);
        return best(IntStream.concat(across.colours(), down.colours()), tolerance, gutters);
    }

    /** The colour of most of the single-coloured lines among the four outermost lines of the image. */
    private static Optional<BackgroundColour> borderColour(PixelLines rows, PixelLines columns, int tolerance) {
        ToLongFunction<BackgroundColour> sides = blank -> ends(rows)
                        .filter(line -> rows.isBlank(line, blank))
                        .count()
                + ends(columns).filter(line -> columns.isBlank(line, blank)).count();
        var colours = IntStream.concat(
                ends(rows).filter(rows::isPlain).map(rows::colour),
                ends(columns).filter(columns::isPlain).map(columns::colour));
        return best(colours, tolerance, sides);
    }

    private static IntStream ends(PixelLines lines) {
        return IntStream.of(0, lines.count() - 1);
    }

    /** The colour with the highest score, the first one of several; empty if all scores are 0. */
    private static Optional<BackgroundColour> best(
            IntStream colours, int tolerance, ToLongFunction<BackgroundColour> score) {
        record Scored(BackgroundColour blank, long score) {}
        return colours.distinct()
                .mapToObj(colour -> new BackgroundColour(colour, tolerance))
                .distinct()
                .map(blank -> new Scored(blank, score.applyAsLong(blank)))
                .filter(scored -> scored.score() > 0)
                .reduce((best, next) -> next.score() > best.score() ? next : best)
                .map(Scored::blank);
    }
}
