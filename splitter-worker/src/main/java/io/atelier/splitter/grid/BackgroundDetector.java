package io.atelier.splitter.grid;

import io.atelier.contract.image.GridSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the background of a grid: transparent if one of the four outermost lines of the image is; else the colour that most of them share.
 * If no two of them share one, it is white, unless there are no white gutters and all gutters have another colour.
 */
final class BackgroundDetector {

    /** A single line of one colour may be a sky, for example. */
    private static final long MIN_SHARED = 2;

    /** Gutters with noise have many similar colours. */
    private static final int MAX_CANDIDATES = 8;

    private final ArgbPixels image;
    private final GridSpec spec;
    private final BackgroundColour white;
    private final BackgroundColour transparent;

    BackgroundDetector(ArgbPixels image, GridSpec spec) {
        this.image = image;
        this.spec = spec;
        this.white = new BackgroundColour(BackgroundColour.WHITE, spec.tolerance());
        this.transparent = new BackgroundColour(BackgroundColour.NONE, spec.tolerance());
    }

    BackgroundColour detect() {
        return ofBorder().or(this::ofGutters).orElse(white);
    }

    private Optional<BackgroundColour> ofBorder() {
        var lines =
                List.of(image.row(0), image.row(image.height() - 1), image.column(0), image.column(image.width() - 1));
        if (lines.stream().anyMatch(transparent::covers)) {
            return Optional.of(transparent);
        }
        Optional<BackgroundColour> best = Optional.empty();
        long mostLines = MIN_SHARED - 1;
        for (var line : lines) {
            var colour = line.plainColour(spec.tolerance());
            long count = colour.map(each -> lines.stream().filter(each::covers).count())
                    .orElse(0L);
            if (count > mostLines) {
                best = colour;
                mostLines = count;
            }
        }
        return best;
    }

    /** The colour of all gutters of a grid without a border; empty if some of them are white, or if they have no common colour. */
    private Optional<BackgroundColour> ofGutters() {
        if (spec.tiles() == 1 || columns(white).hasGutter() || rows(white).hasGutter()) {
            return Optional.empty();
        }
        return Stream.concat(Stream.of(transparent), candidates())
                .filter(colour ->
                        columns(colour).allGuttersAreClear() && rows(colour).allGuttersAreClear())
                .findFirst();
    }

    private Stream<BackgroundColour> candidates() {
        var cuts = spec.cols() > 1 ? columns(white) : rows(white);
        return cuts.linesNearCuts()
                .flatMap(line -> line.plainColour(spec.tolerance()).stream())
                .distinct()
                .limit(MAX_CANDIDATES);
    }

    private CutLines columns(BackgroundColour background) {
        return new CutLines(PixelLines.columns(image, background), spec.cols());
    }

    private CutLines rows(BackgroundColour background) {
        return new CutLines(PixelLines.rows(image, background), spec.rows());
    }
}
