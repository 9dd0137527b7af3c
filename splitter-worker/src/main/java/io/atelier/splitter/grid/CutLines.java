package io.atelier.splitter.grid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where to cut along one axis. Near each place where an even grid would have its gutter, a run of blank lines is looked for: a narrow one
 * with clear edges is a gutter and is cut in the middle; a wide one is blank ground, cut as near to the even place as it reaches.
 */
final class CutLines {

    /** How far from its even place a gutter may begin or end, as a part of a cell. */
    private static final double REACH = 0.08;

    /** The widest gutter, as a part of a cell. */
    private static final double WIDEST = 0.25;

    /** Within so many lines a gutter's blurred edge must be over. */
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

    /** A run of blank lines, the last one excluded. */
    private record Run(int first, int end) {
        int width() {
            return end - first;
        }

        int nearest(int line) {
            return Math.max(first, Math.min(end, line));
        }
    }

    /** All cuts in order, the two ends included: {@code parts + 1} of them. */
    List<Cut> find(@Nullable BackgroundColour blank) {
        return IntStream.rangeClosed(0, parts).mapToObj(k -> cut(k, blank)).toList();
    }

    /** How well this colour explains the inner cuts: each in a clear gutter counts more than any width, then wide ones count more. */
    long gutters(BackgroundColour blank) {
        return inner().mapToObj(k -> gutter(k, blank))
                .flatMap(Optional::stream)
                .mapToLong(gutter -> lines.count() + gutter.width())
                .sum();
    }

    /** The colours of the plain lines where gutters may be, doubles included. */
    IntStream colours() {
        return inner().flatMap(k -> near(even(k))).filter(lines::plain).map(lines::colour);
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
                .or(() -> widestRun(k, blank).map(ground -> new Cut(ground.nearest(even), 0.7)))
                .orElseGet(() -> new Cut(even, 0.5));
    }

    /** A clear gutter is sure; the further it lies from where it should, the less. */
    private Cut inGutter(Run gutter, int even) {
        int middle = gutter.first() + gutter.width() / 2;
        double away = Math.abs(middle - even) / (cell() * (REACH + WIDEST / 2));
        return new Cut(middle, Math.round(100 - 25 * Math.min(1, away)) / 100.0);
    }

    private Optional<Run> gutter(int k, BackgroundColour blank) {
        return runs(k, blank).stream()
                .filter(run -> run.width() <= cell() * WIDEST && clear(run, blank))
                .max(widestThenNearest(even(k)));
    }

    private Optional<Run> widestRun(int k, BackgroundColour blank) {
        return runs(k, blank).stream().max(widestThenNearest(even(k)));
    }

    private List<Run> runs(int k, BackgroundColour blank) {
        var runs = new ArrayList<Run>();
        int line = Math.max(0, even(k) - reach());
        while (line < Math.min(lines.count(), even(k) + reach())) {
            if (lines.blank(line, blank)) {
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
        while (first > 0 && lines.blank(first - 1, blank)) {
            first--;
        }
        int end = line + 1;
        while (end < lines.count() && lines.blank(end, blank)) {
            end++;
        }
        return new Run(first, end);
    }

    /** A run that fades into its neighbours, or that reaches the edge of the picture, is no gutter: a sky, say. */
    private boolean clear(Run run, BackgroundColour blank) {
        var wider = blank.within(2 * blank.tolerance() + 16);
        return run.first() > 0
                && run.end() < lines.count()
                && ends(IntStream.rangeClosed(1, BLUR).map(i -> run.first() - i), wider)
                && ends(IntStream.range(0, BLUR).map(i -> run.end() + i), wider);
    }

    private boolean ends(IntStream neighbours, BackgroundColour wider) {
        return neighbours.filter(line -> line >= 0 && line < lines.count()).anyMatch(line -> !lines.blank(line, wider));
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
