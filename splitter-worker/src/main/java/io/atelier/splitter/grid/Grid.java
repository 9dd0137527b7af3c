package io.atelier.splitter.grid;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.image.png.PngRaster;
import io.atelier.splitter.grid.CutLines.Cut;
import io.atelier.splitter.grid.Tile.Remark;
import io.atelier.splitter.grid.Trim.Trimmed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An image that contains rows and columns of images. It is not changed, and must not be changed by others while it is being split.
 *
 * <p>The cells cover the image: before insets and trimming, each pixel belongs to exactly one. Only a strict split drops the remainder of a
 * division. The same image and spec give the same tiles.
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

    /** Cuts the grid into {@code spec.tiles()} tiles. */
    public CutGrid split(GridSpec spec) {
        if (spec.cutsStrictly()) {
            var strict = new StrictTrim(pixels);
            return cut(spec, even(pixels.width(), spec.cols()), even(pixels.height(), spec.rows()), strict::of);
        }
        var background = background(spec);
        var xs = new CutLines(PixelLines.columns(pixels, background), spec.cols()).find();
        var ys = new CutLines(PixelLines.rows(pixels, background), spec.rows()).find();
        return cut(spec, xs, ys, new Trim(pixels, background)::of);
    }

    /** The tiles of a grid that has only one row of them, with as many columns as the spec says. */
    public List<Tile> splitRow(GridSpec spec) {
        return split(new GridSpec(
                        1,
                        spec.cols(),
                        spec.trim(),
                        spec.insetPixels(),
                        spec.tolerance(),
                        spec.minTilePixels(),
                        spec.strict(),
                        spec.colour(),
                        spec.keepSmall()))
                .tiles();
    }

    private BackgroundColour background(GridSpec spec) {
        return spec.colour() == null
                ? new BackgroundDetector(pixels, spec).detect()
                : new BackgroundColour(Integer.parseInt(spec.colour(), 1, 7, 16), spec.tolerance());
    }

    /** The cuts of cells of equal size. Nothing is searched for, so they are certain. */
    private static List<Cut> even(int length, int parts) {
        int cell = length / parts;
        return IntStream.rangeClosed(0, parts)
                .mapToObj(k -> new Cut(k * cell, 1))
                .toList();
    }

    private static CutGrid cut(GridSpec spec, List<Cut> xs, List<Cut> ys, Function<Box, Trimmed> trim) {
        var tiles = new ArrayList<Tile>(spec.tiles());
        for (int row = 0; row < spec.rows(); row++) {
            for (int col = 0; col < spec.cols(); col++) {
                var cell = new Cell(row, col, xs.get(col), xs.get(col + 1), ys.get(row), ys.get(row + 1));
                tiles.add(tile(cell, spec, trim));
            }
        }
        double confidence = Stream.concat(xs.stream(), ys.stream())
                .mapToDouble(Cut::confidence)
                .min()
                .orElse(1);
        return new CutGrid(new StoredImage.Cuts(inner(xs), inner(ys), confidence), tiles);
    }

    private static List<Integer> inner(List<Cut> cuts) {
        return cuts.subList(1, cuts.size() - 1).stream().map(Cut::at).toList();
    }

    /** A cell of the grid with the four cuts around it. */
    private record Cell(int row, int col, Cut left, Cut right, Cut top, Cut bottom) {
        Box box() {
            return new Box(left.at(), top.at(), right.at() - left.at(), bottom.at() - top.at());
        }

        double confidence() {
            return Math.min(
                    Math.min(left.confidence(), right.confidence()), Math.min(top.confidence(), bottom.confidence()));
        }
    }

    private static Tile tile(Cell cell, GridSpec spec, Function<Box, Trimmed> trim) {
        int inset = spec.insetPixels();
        var box = cell.box().without(inset, inset, inset, inset);
        var remarks = EnumSet.noneOf(Remark.class);
        if (spec.trim() && box.shorterSide() > 0) {
            var trimmed = trim.apply(box);
            box = trimmed.box();
            trimmed.remark().ifPresent(remarks::add);
        }
        if (box.shorterSide() < 1 || (box.shorterSide() < spec.minTilePixels() && !spec.keepsSmallTiles())) {
            remarks.add(Remark.REJECTED);
        } else if (box.shorterSide() < spec.minTilePixels()) {
            remarks.add(Remark.SMALL);
        }
        return new Tile(cell.row(), cell.col(), box, cell.confidence(), remarks);
    }
}
