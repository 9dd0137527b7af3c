package io.atelier.splitter.grid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds where to cut an image along one axis. It searches for a run of blank lines near each place where an evenly divided grid has its
 * gutter: a narrow run with clear edges is a gutter and is cut in the middle; a wide run is background and is cut as near as possible to
 * the even place.
 */
final class CutLines {

    /** How far from its even place a gutter may begin or end, as a fraction of a cell. */
    private static final double REACH = 0.08;

    /** The widest gutter, as a fraction of a cell. */
    private static final double WIDEST = 0.25;

    /** The number of lines within which the blurred edge of a gutter must end. */
    private static final int BLUR = 3;

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
     * @param confidence 0 to 1
     */
    record Cut(int at, double confidence) {}

    /** A run of blank lines; {@code end} is the first line behind it. */
    private record Run(int first, int end) {
        int width() {
            return end - first;
        }

        int nearest(int line) {
            return Math.max(first, Math.min(end, line));
        }
    }

    /** All cuts in order, including the two edges of the image: {@code parts + 1} cuts. Evenly spaced if there is no blank colour. */
    List<Cut> find(@Nullable BackgroundColour blank) {
        return IntStream.rangeClosed(0, parts).mapToObj(k -> cut(k, blank)).toList();
    }

    /** A score of how well this colour explains the inner cuts: first by the number of clear gutters, then by their widths. */
    long gutterScore(BackgroundColour blank) {
        return inner().mapToObj(k -> gutter(k, blank))
                .flatMap(Optional::stream)
                .mapToLong(gutter -> lines.count() + gutter.width())
                .sum();
    }

    /** The colours of the single-coloured lines where gutters may be, with duplicates. */
    IntStream colours() {
        return inner().flatMap(k -> near(even(k))).filter(lines::isPlain).map(lines::colour);
    }

    private Cut cut(int k, @Nullable BackgroundColour blank) {
        int even = even(k);
        if (k == 0 || k == parts) {
            return new Cut(even, 1);
        }
        if (blank == null) {
            return new Cut(even, 0.5);
        }
        return gutter(k, blank)
                .map(gutter -> inGutter(gutter, even))
                .or(() -> widestRun(k, blank).map(background -> new Cut(background.nearest(even), 0.7)))
                .orElseGet(() -> new Cut(even, 0.5));
    }

    /** A cut in a clear gutter. Its confidence is 1 at the even place and decreases with the distance from it. */
    private Cut inGutter(Run gutter, int even) {
        int middle = gutter.first() + gutter.width() / 2;
        double distance = Math.abs(middle - even) / (cell() * (REACH + WIDEST / 2));
        return new Cut(middle, Math.round(100 - 25 * Math.min(1, distance)) / 100.0);
    }

    private Optional<Run> gutter(int k, BackgroundColour blank) {
        return runs(k, blank).stream()
                .filter(run -> run.width() <= cell() * WIDEST && isClear(run, blank))
                .max(widestThenNearest(even(k)));
    }

    private Optional<Run> widestRun(int k, BackgroundColour blank) {
        return runs(k, blank).stream().max(widestThenNearest(even(k)));
    }

    private List<Run> runs(int k, BackgroundColour blank) {
        var runs = new ArrayList<Run>();
        int line = Math.max(0, even(k) - reach());
        while (line < Math.min(lines.count(), even(k) + reach())) {
            if (lines.isBlank(line, blank)) {
                var run = run(line, blank);
                runs.add(run);
                line = run.end();
            }
            line++;
        }
        return runs;
    }

    private Run run(int line, BackgroundColour blank) {
        int first = line;
        while (first > 0 && lines.isBlank(first - 1, blank)) {
            first--;
        }
        int end = line + 1;
        while (end < lines.count() && lines.isBlank(end, blank)) {
            end++;
        }
        return new Run(first, end);
    }

    /** Whether both edges are sharp. A run that fades out, or that reaches the edge of the image, is no gutter but a sky, for example. */
    private boolean isClear(Run run, BackgroundColour blank) {
        var wider = blank.withTolerance(2 * blank.tolerance() + 16);
        return run.first() > 0
                && run.end() < lines.count()
                && endsAt(IntStream.rangeClosed(1, BLUR).map(i -> run.first() - i), wider)
                && endsAt(IntStream.range(0, BLUR).map(i -> run.end() + i), wider);
    }

    private boolean endsAt(IntStream neighbours, BackgroundColour wider) {
        return neighbours
                .filter(line -> line >= 0 && line < lines.count())
                .anyMatch(line -> !lines.isBlank(line, wider));
    }

    private static Comparator<Run> widestThenNearest(int even) {
        return Comparator.comparingInt(Run::width)
                .thenComparingInt(run -> -Math.abs(run.first() + run.width() / 2 - even));
    }

    private IntStream inner() {
        return IntStream.range(1, parts);
    }

    private IntStream near(int even) {
        return IntStream.range(Math.max(0, even - reach()), Math.min(lines.count(), even + reach()));
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
