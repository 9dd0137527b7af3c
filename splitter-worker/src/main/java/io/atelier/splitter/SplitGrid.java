package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.storage.StoredObject;
import java.util.List;

/**
 * A grid of a task after it was split and its tiles were stored.
 *
 * @param number the number of the grid within the task, from 0
 * @param grid the uncut grid in the folder of the job
 * @param cuts where it was cut
 * @param stored its tiles in the store
 * @param rejected its tiles that were left out
 */
record SplitGrid(
        int number, StoredImage grid, StoredImage.Cuts cuts, List<StoredObject> stored, List<GridTile> rejected) {

    SplitGrid {
        stored = List.copyOf(stored);
        rejected = List.copyOf(rejected);
    }

    /** The uncut grid with the places of its cuts. */
    StoredImage described() {
        return grid.cutAt(cuts);
    }
}
