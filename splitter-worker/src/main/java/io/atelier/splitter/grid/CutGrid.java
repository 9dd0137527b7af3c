package io.atelier.splitter.grid;

import io.atelier.contract.image.StoredImage;
import java.util.List;

/**
 * A grid after it was cut.
 *
 * @param cuts the places of the cuts; their confidence is that of the least certain one
 * @param tiles one for each cell, row by row, including those that are too small
 */
public record CutGrid(StoredImage.Cuts cuts, List<Tile> tiles) {

    public CutGrid {
        tiles = List.copyOf(tiles);
    }
}
