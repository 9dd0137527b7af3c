package io.atelier.splitter;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.splitter.grid.Box;
import io.atelier.splitter.grid.Tile;
import io.atelier.splitter.grid.Tile.Remark;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tile and the grid that it was cut from. The metadata of the stored tile contains all of it, so that a redelivery can report the tile
 * without splitting the grid again.
 *
 * @param grid the number of the grid within the task, from 0
 * @param cuts where the grid was cut
 */
record GridTile(int grid, Tile tile, StoredImage.Cuts cuts) {

    private static final String REMARKS = "remarks";
    private static final String CUTS_X = "cuts-x";
    private static final String CUTS_Y = "cuts-y";
    private static final String CUTS_CONFIDENCE = "cuts-confidence";

    /** The tile of a stored object, by its metadata. */
    static GridTile of(StoredObject object) {
        try {
            var box = new Box(
                    number(object, "x"), number(object, "y"), number(object, "width"), number(object, "height"));
            double confidence = Double.parseDouble(TaskImageRepository.required(object, "confidence"));
            var remarks = Stream.of(object.metadata().getOrDefault(REMARKS, "").split(","))
                    .filter(name -> !name.isEmpty())
                    .map(Remark::valueOf)
                    .collect(Collectors.toSet());
            // A tile of an older version has no cuts in its metadata.
            var cuts = new StoredImage.Cuts(
                    numbers(object, CUTS_X),
                    numbers(object, CUTS_Y),
                    Double.parseDouble(object.metadata().getOrDefault(CUTS_CONFIDENCE, "" + confidence)));
            return new GridTile(
                    number(object, "grid"),
                    new Tile(number(object, "row"), number(object, "col"), box, confidence, remarks),
                    cuts);
        } catch (IllegalArgumentException e) {
            throw TaskImageRepository.unexpectedMetadata(object, e);
        }
    }

    /**
     * Describes a stored tile for a report. Its number is that of its cell.
     *
     * @param spec the layout of the grids
     */
    static StoredImage describe(StoredObject object, GridSpec spec) {
        var gridTile = of(object);
        var tile = gridTile.tile();
        return TaskImageRepository.describe(
                gridTile.cell(spec),
                object,
                new StoredImage.Tile(
                        tile.row(), tile.col(), tile.confidence(), tile.box().edges()));
    }

    /**
     * The metadata of the stored tile.
     *
     * @param seed of the grid; null if it has none
     * @param provenance what the file of the tile says about its origin
     */
    Map<String, String> metadata(@Nullable Long seed, Provenance provenance) {
        var metadata = TaskImageRepository.metadata(
                StoredImage.Kind.TILE, tile.box().width(), tile.box().height(), seed, provenance);
        metadata.put("grid", Integer.toString(grid));
        metadata.put("row", Integer.toString(tile.row()));
        metadata.put("col", Integer.toString(tile.col()));
        metadata.put("x", Integer.toString(tile.box().x()));
        metadata.put("y", Integer.toString(tile.box().y()));
        metadata.put("confidence", Double.toString(tile.confidence()));
        metadata.put(CUTS_CONFIDENCE, Double.toString(cuts.confidence()));
        putNumbers(metadata, CUTS_X, cuts.x());
        putNumbers(metadata, CUTS_Y, cuts.y());
        if (!tile.remarks().isEmpty()) {
            metadata.put(
                    REMARKS, tile.remarks().stream().map(Remark::name).sorted().collect(Collectors.joining(",")));
        }
        return metadata;
    }

    /** The number of its cell among all cells of the task, from 0: row by row, and grid by grid. */
    int cell(GridSpec spec) {
        return cell(spec, grid);
    }

    /** @param gridOfJob the number of the grid within the job, which people see: other tasks may cut other grids of it */
    List<Job.Warning> warnings(GridSpec spec, int gridOfJob) {
        return tile.remarks().stream()
                .sorted()
                .map(remark -> new Job.Warning(remark.warning(), message(remark, spec, gridOfJob), cell(spec)))
                .toList();
    }

    private int cell(GridSpec spec, int gridNumber) {
        return gridNumber * spec.tiles() + tile.row() * spec.cols() + tile.col();
    }

    private String message(Remark remark, GridSpec spec, int gridOfJob) {
        var name = "Tile %d (grid %d, row %d, column %d)"
                .formatted(cell(spec, gridOfJob), gridOfJob, tile.row(), tile.col());
        if (remark == Remark.REJECTED) {
            return "%s was left out: it is %d x %d pixels and each side must be at least %d."
                    .formatted(name, tile.box().width(), tile.box().height(), spec.minTilePixels());
        }
        if (remark == Remark.SMALL) {
            return "%s is small: it is %d x %d pixels and each side should be at least %d."
                    .formatted(name, tile.box().width(), tile.box().height(), spec.minTilePixels());
        }
        if (remark == Remark.EMPTY) {
            return name + " is entirely blank and was not trimmed.";
        }
        return name
                + " has a far wider blank border on one side than on the others. The border may be part of the image,"
                + " so only a part of it was trimmed.";
    }

    /** A store need not keep an empty value. */
    private static void putNumbers(Map<String, String> metadata, String name, List<Integer> numbers) {
        if (!numbers.isEmpty()) {
            metadata.put(name, numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
    }

    private static List<Integer> numbers(StoredObject object, String name) {
        return Stream.of(object.metadata().getOrDefault(name, "").split(",", -1))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static int number(StoredObject object, String name) {
        return Integer.parseInt(TaskImageRepository.required(object, name));
    }
}
