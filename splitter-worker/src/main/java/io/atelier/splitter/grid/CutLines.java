package io.atelier.splitter.grid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds where to cut an image along one axis. It searches for runs of background lines near each place where an evenly divided grid has its
 * gutter, and cuts in the middle of the widest one that is narrow enough for a gutter; without one it cuts at the even place.
 */
final class CutLines {

    /** How far from its even place a gutter may begin or end, as a fraction of a cell. */
    private static final double REACH = 0.08;

    /** The widest gutter, as a fraction of a cell. */
    private static final double WIDEST = 0.25;

    /** The number of lines within which the blurred edge of a gutter must end. */
    private static final int BLUR = 3;

    private static final double CERTAIN_EDGE = 0.8;
    private static final int EDGE_REACH = 2;

    private static final double GUTTER_FAR_AWAY = 0.75;
    private static final double EDGE = 0.75;
    private static final double NO_CONTENT = 0.7;
    private static final double CONTENT = 0.5;

    private final PixelLines lines;
    private final int parts;

    CutLines(PixelLines lines, int parts) {
        this.lines = lines;
        this.parts = parts;
    }

    /**
     * One place to cut.
     *
     * @param at the first line behind the cut
     * @param confidence 1 to 0.75 in a gutter, the more the nearer it is to the even place; without a gutter 0.75 at an edge between two images,
     *     0.7 between lines of one colour, else 0.5
     */
    record Cut(int at, double confidence) {}

    /** A run of background lines; {@code end} is the first line behind it. */
    private record Run(int first, int end) {
        int width() {
            return end - first;
        }

        int middle() {
            return first + width() / 2;
        }
    }

    /** All cuts in order, including the two edges of the image: {@code parts + 1} cuts. */
    List<Cut> find() {
        return IntStream.rangeClosed(0, parts).mapToObj(this::cut).toList();
    }

    /** Whether there is a gutter near one of the even places. */
    boolean hasGutter() {
        return inner().anyMatch(k -> gutter(even(k)).isPresent());
    }

    /** Whether there is a gutter near each of the even places, and none of them fades out as a sky does, for example. */
    boolean allGuttersAreClear() {
        return inner().allMatch(k -> gutter(even(k)).filter(this::isClear).isPresent());
    }

    /** The lines in which gutters may be. */
    Stream<ArgbPixels.Line> linesNearCuts() {
        return inner().flatMap(k ->
                        IntStream.range(Math.max(0, even(k) - reach()), Math.min(lines.count(), even(k) + reach())))
                .mapToObj(lines::line);
    }

    private Cut cut(int k) {
        int even = even(k);
        if (k == 0 || k == parts) {
            return new Cut(even, 1);
        }
        return gutter(even).map(gutter -> inGutter(gutter, even)).orElseGet(() -> new Cut(even, confidenceAt(even)));
    }

    private Cut inGutter(Run gutter, int even) {
        double distance = Math.abs(gutter.middle() - even) / (cell() * (REACH + WIDEST / 2));
        return new Cut(gutter.middle(), rounded(1 - (1 - GUTTER_FAR_AWAY) * Math.min(1, distance)));
    }

    private static double rounded(double confidence) {
        return Math.round(100 * confidence) / 100.0;
    }

    private Optional<Run> gutter(int even) {
        return runs(even).stream()
                .filter(run -> run.width() <= cell() * WIDEST)
                .max(Comparator.comparingInt(Run::width).thenComparingInt(run -> -Math.abs(run.middle() - even)));
    }

    private List<Run> runs(int even) {
        var runs = new ArrayList<Run>();
        int line = Math.max(0, even - reach());
        while (line < Math.min(lines.count(), even + reach())) {
            if (lines.isBlank(line)) {
                var run = run(line);
                runs.add(run);
                line = run.end();
            }
            line++;
        }
        return runs;
    }

    private Run run(int line) {
        int first = line;
        while (first > 0 && lines.isBlank(first - 1)) {
            first--;
        }
        int end = line + 1;
        while (end < lines.count() && lines.isBlank(end)) {
            end++;
        }
        return new Run(first, end);
    }

    private boolean isClear(Run run) {
        return run.first() > 0
                && run.end() < lines.count()
                && endsAt(IntStream.rangeClosed(1, BLUR).map(i -> run.first() - i))
                && endsAt(IntStream.range(0, BLUR).map(i -> run.end() + i));
    }

    private boolean endsAt(IntStream neighbours) {
        return neighbours
                .filter(line -> line >= 0 && line < lines.count())
                .anyMatch(line -> !lines.isNearlyBlank(line));
    }

    /** The confidence of a cut at the even place, without a gutter. */
    private double confidenceAt(int even) {
        if (even < 1 || even >= lines.count()) {
            return CONTENT;
        }
        if (isEdge(even)) {
            return EDGE;
        }
        return lines.arePlain(even - 1, even) ? NO_CONTENT : CONTENT;
    }

    /** Whether most pixels change beside the cut, far more than they do elsewhere near it. */
    private boolean isEdge(int even) {
        double most = differences(even, EDGE_REACH).max().orElse(0);
        if (most < CERTAIN_EDGE) {
            return false;
        }
        var near = differences(even, reach()).sorted().toArray();
        return most >= 2 * near[near.length / 2];
    }

    private DoubleStream differences(int even, int reach) {
        return IntStream.rangeClosed(Math.max(1, even - reach), Math.min(lines.count() - 1, even + reach))
                .mapToDouble(lines::difference);
    }

    private IntStream inner() {
        return IntStream.range(1, parts);
    }

    private int reach() {
        return (int) Math.ceil(cell() * REACH);
    }

    private int even(int k) {
        return (int) (((long) k * lines.count() * 2 + parts) / (2L * parts));
    }

    private double cell() {
        return (double) lines.count() / parts;
    }
}
