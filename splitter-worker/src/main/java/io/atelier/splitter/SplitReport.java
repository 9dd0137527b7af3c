package io.atelier.splitter;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.work.SplitRequested;
import io.atelier.worker.task.TaskOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Composes the output of a split task: tiles with the number of their cell, grids with the places of their cuts, and warnings. A tile that was
 * left out leaves a gap in the numbers. Not thread-safe.
 */
final class SplitReport {

    private static final double LOW_CONFIDENCE = 0.7;

    private final SplitRequested task;
    private final GridSpec spec;
    private final List<SplitGrid> grids = new ArrayList<>();
    private final List<Job.Warning> unsplit = new ArrayList<>();

    SplitReport(SplitRequested task) {
        this.task = task;
        this.spec = task.spec();
    }

    void add(SplitGrid grid) {
        grids.add(grid);
    }

    /** Adds a warning that a grid was not split, but others were. */
    void addUnsplit(int number, Failure cause) {
        unsplit.add(notSplit("Grid %d could not be cut into tiles: %s".formatted(gridOfJob(number), cause.message())));
    }

    TaskOutput output() {
        var tiles = grids.stream()
                .flatMap(grid -> grid.stored().stream())
                .map(object -> GridTile.describe(object, spec))
                .sorted(Comparator.comparing(StoredImage::index))
                .toList();
        return TaskOutput.ofSplit(tiles, describedGrids(), warnings(tiles.isEmpty()));
    }

    private List<StoredImage> describedGrids() {
        var described = new TreeMap<Integer, StoredImage>();
        for (int number = 0; number < task.grids().size(); number++) {
            // A grid of another job that could not be split was not copied either.
            if (!TileRepository.needsCopy(task, number)) {
                described.put(number, task.grids().get(number));
            }
        }
        grids.forEach(grid -> described.put(grid.number(), grid.described()));
        return List.copyOf(described.values());
    }

    private List<Job.Warning> warnings(boolean isEmpty) {
        var warnings = new ArrayList<>(unsplit);
        for (var grid : grids) {
            double confidence = grid.cuts().confidence();
            if (confidence < LOW_CONFIDENCE) {
                warnings.add(
                        new Job.Warning("low-confidence", lowConfidence(gridOfJob(grid.number()), confidence), null));
            }
        }
        grids.stream()
                .flatMap(grid -> Stream.concat(grid.stored().stream().map(GridTile::of), grid.rejected().stream()))
                .sorted(Comparator.comparing(tile -> tile.cell(spec)))
                .forEach(tile -> warnings.addAll(tile.warnings(spec, gridOfJob(tile.grid()))));
        if (isEmpty) {
            warnings.add(notSplit("None of the tiles has %d pixels on each side. The grid is delivered as it is."
                    .formatted(spec.minTilePixels())));
        }
        return warnings;
    }

    /** The number of a grid of the task within its job. */
    private int gridOfJob(int number) {
        return task.grids().get(number).index();
    }

    private static String lowConfidence(int number, double confidence) {
        return "The cuts of grid %d have a confidence of %s of 1: it has no clear gutters where they are expected, so tiles may be cut through. The uncut grid is kept."
                .formatted(number, confidence);
    }

    private static Job.Warning notSplit(String message) {
        return new Job.Warning("grid-not-split", message, null);
    }
}
