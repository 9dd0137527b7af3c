package io.atelier.splitter;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Job;
import io.atelier.splitter.grid.Box;
import io.atelier.splitter.grid.Tile;
import io.atelier.splitter.grid.Tile.Remark;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tile and which of the order's grids it was cut from. All of it lies with the stored tile as notes, so that whoever finds it can report
 * it without splitting again.
 *
 * @param grid from 0
 */
record GridTile(int grid, Tile tile) {

    private static final String REMARKS = "remarks";

    /** The tile that an object says it is. */
    static GridTile in(StoredObject object) {
        var notes = object.notes();
        try {
            var box = new Box(number(notes, "x"), number(notes, "y"), number(notes, "width"), number(notes, "height"));
            double confidence = Double.parseDouble(note(notes, "confidence"));
            var remarks = Stream.of(notes.getOrDefault(REMARKS, "").split(","))
                    .filter(word -> !word.isEmpty())
                    .map(Remark::valueOf)
                    .collect(Collectors.toSet());
            return new GridTile(
                    number(notes, "grid"),
                    new Tile(number(notes, "row"), number(notes, "col"), box, confidence, remarks));
        } catch (IllegalArgumentException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "What lies under " + object.key() + " was not put there by a splitter: its notes are " + notes
                            + ".",
                    e);
        }
    }

    Map<String, String> notes() {
        var notes = new HashMap<String, String>();
        notes.put("kind", "tile");
        notes.put("grid", Integer.toString(grid));
        notes.put("row", Integer.toString(tile.row()));
        notes.put("col", Integer.toString(tile.col()));
        notes.put("x", Integer.toString(tile.box().x()));
        notes.put("y", Integer.toString(tile.box().y()));
        notes.put("width", Integer.toString(tile.box().width()));
        notes.put("height", Integer.toString(tile.box().height()));
        notes.put("confidence", Double.toString(tile.confidence()));
        if (!tile.remarks().isEmpty()) {
            notes.put(
                    REMARKS, tile.remarks().stream().map(Remark::name).sorted().collect(Collectors.joining(",")));
        }
        return notes;
    }

    /** Its number among all cells of the order, from 0: row by row, from one grid to the next. */
    int cell(GridSpec spec) {
        return grid * spec.tiles() + tile.row() * spec.cols() + tile.col();
    }

    List<Job.Warning> warnings(GridSpec spec) {
        return tile.remarks().stream()
                .sorted()
                .map(remark -> new Job.Warning(remark.warning(), message(remark, spec), cell(spec)))
                .toList();
    }

    private String message(Remark remark, GridSpec spec) {
        var where = "Tile %d (grid %d, row %d, column %d)".formatted(cell(spec), grid, tile.row(), tile.col());
        if (remark == Remark.REJECTED) {
            return "%s was left out: it is %d x %d pixels and each side is to be %d at least."
                    .formatted(where, tile.box().width(), tile.box().height(), spec.minTilePixels());
        }
        if (remark == Remark.EMPTY) {
            return where + " is blank from side to side and was not trimmed.";
        }
        return where
                + " has far more blank on one side than on the others. That may be part of the picture, so little of it was trimmed.";
    }

    private static int number(Map<String, String> notes, String name) {
        return Integer.parseInt(note(notes, name));
    }

    private static String note(Map<String, String> notes, String name) {
        @Nullable String value = notes.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
