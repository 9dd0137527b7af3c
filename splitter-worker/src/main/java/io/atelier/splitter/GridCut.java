package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.work.SplitRequested;
import io.atelier.splitter.grid.Grid;
import io.atelier.splitter.grid.TileCompression;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import java.util.List;

/**
 * The tiles of one grid before they are stored.
 *
 * @param cuts where the grid was cut
 * @param pending those that are large enough, compressed and not yet stored
 * @param rejected the others
 */
record GridCut(StoredImage.Cuts cuts, List<PendingImage> pending, List<GridTile> rejected) {

    /**
     * Decodes a grid, cuts it and compresses its tiles, on all cores.
     *
     * @param number of the grid within the task, from 0
     * @throws SplitFailed if it is not a complete and valid PNG
     */
    static GridCut of(GridFile file, int number, SplitRequested task, TileRepository tiles) {
        try (var compression = new TileCompression(task.spec())) {
            var raster = file.decode(compression);
            var cut = new Grid(raster).split(task.spec());
            var gridTiles = cut.tiles().stream()
                    .map(tile -> new GridTile(number, tile, cut.cuts()))
                    .toList();
            // Compressing takes most of the time of a split.
            var pending = gridTiles.parallelStream()
                    .filter(gridTile -> gridTile.tile().isUsable())
                    .map(gridTile -> tiles.encode(
                            task,
                            gridTile,
                            compression.image(raster, gridTile.tile().box()),
                            file.origin()))
                    .toList();
            return new GridCut(
                    cut.cuts(),
                    pending,
                    gridTiles.stream()
                            .filter(gridTile -> !gridTile.tile().isUsable())
                            .toList());
        }
    }
}
