package io.atelier.splitter.grid;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngRaster;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the tiles of one grid, and begins with those of its upper rows while the lower rows are still being read. Where the upper tiles are
 * is only a guess then, made from their own row of cells as if it were the grid. The grid is cut when it is complete; a tile of which the
 * guess was wrong is compressed again. So the guesses decide about nothing but time. One thread reads; any may ask for tiles afterwards.
 */
public final class TileCompression implements PngRaster.Progress, AutoCloseable {

    private final GridSpec spec;
    private final Map<Box, Compressed> begun = new ConcurrentHashMap<>();
    private int guessedRows;
    private volatile boolean isClosed;

    public TileCompression(GridSpec spec) {
        this.spec = spec;
    }

    @Override
    public void rowsRead(PngRaster raster, int rows) {
        // When the last row of cells is complete, so is the grid, and it need not be guessed.
        while (guessedRows < spec.rows() - 1 && rows >= edge(raster, guessedRows + 1)) {
            guess(raster, edge(raster, guessedRows), edge(raster, guessedRows + 1));
            guessedRows++;
        }
    }

    /** A part of a grid that was read completely. Asked for once, since what was begun is not kept. */
    public PngImage image(PngRaster raster, Box box) {
        var compressed = begun.remove(box);
        return (compressed == null ? new Compressed(raster, box) : compressed).image();
    }

    /** The places of the tiles that were begun and not yet asked for. */
    Set<Box> begun() {
        return Set.copyOf(begun.keySet());
    }

    /** Begins with no further tile. */
    @Override
    public void close() {
        isClosed = true;
    }

    private void guess(PngRaster raster, int top, int bottom) {
        int width = raster.header().width();
        var row = new Grid(raster, new Box(0, top, width, bottom - top));
        for (var tile : row.splitRow(spec)) {
            if (tile.isUsable()) {
                var box = tile.box();
                var compressed = new Compressed(raster, new Box(box.x(), top + box.y(), box.width(), box.height()));
                begun.put(compressed.box, compressed);
                ForkJoinPool.commonPool().execute(() -> {
                    if (!isClosed) {
                        compressed.image();
                    }
                });
            }
        }
    }

    /** Where a row of cells ends if all are equally high. */
    private int edge(PngRaster raster, int row) {
        if (spec.cutsStrictly()) {
            return row * (raster.header().height() / spec.rows());
        }
        return Math.toIntExact(((long) row * raster.header().height() * 2 + spec.rows()) / (2L * spec.rows()));
    }

    /** A tile that is compressed by the first thread that needs it. */
    private static final class Compressed {

        private final PngRaster raster;
        private final Box box;
        private @Nullable PngImage image;

        Compressed(PngRaster raster, Box box) {
            this.raster = raster;
            this.box = box;
        }

        synchronized PngImage image() {
            if (image == null) {
                image = raster.image(box.x(), box.y(), box.width(), box.height());
            }
            return image;
        }
    }
}
