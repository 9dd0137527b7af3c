package io.atelier.gateway.view.models;

import io.atelier.contract.image.ImageSize;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The image sizes that a model can generate. All limits hold together.
 *
 * @param min the shortest side, in pixels
 * @param max the longest side, in pixels
 * @param multipleOf the number of which both sides are a multiple
 * @param standard the size if the request names none; sizes from an aspect ratio have about as many pixels
 * @param minPixels the smallest number of pixels, width by height; null for no limit beside the sides
 * @param maxPixels the greatest number of pixels, width by height; null for no limit beside the sides
 * @param maxRatio how many times as long as the shorter side the longer one can be; null for any ratio
 * @param only all sizes, of a model that has only a few; empty for all within the limits
 */
public record ModelSizes(
        @Min(8) int min,
        @Max(4096) int max,
        @Min(1) int multipleOf,
        @NotNull ImageSize standard,
        @Min(1) @Nullable Long minPixels,
        @Min(1) @Nullable Long maxPixels,
        @DecimalMin("1") @Nullable Double maxRatio,
        @DefaultValue List<ImageSize> only) {

    /** How many times as much as another area another ratio counts. With 1.3, sides would be changed that are allowed: 1920x1080 to 1936x1088. */
    private static final double RATIO_WEIGHT = 1.2;

    public ModelSizes {
        only = List.copyOf(only);
    }

    /** All sizes whose sides are within the limits. */
    public static ModelSizes between(int min, int max, int multipleOf, ImageSize standard) {
        return new ModelSizes(min, max, multipleOf, standard, null, null, null, List.of());
    }

    /** The sizes of these with at most so many pixels; all if the number is null. */
    ModelSizes upTo(@Nullable Long pixels) {
        return new ModelSizes(min, max, multipleOf, standard, minPixels, pixels, maxRatio, only);
    }

    public boolean allow(ImageSize size) {
        return only.isEmpty() ? allow(size.width()) && heights(size.width()).allow(size.height()) : only.contains(size);
    }

    /** The size with this aspect ratio and about as many pixels as the standard one, within the limits. */
    public ImageSize ofRatio(double widthToHeight) {
        double area = standard.pixels();
        var size = new ImageSize(rounded(Math.sqrt(area * widthToHeight)), rounded(Math.sqrt(area / widthToHeight)));
        return allow(size) ? size : nearest(size);
    }

    /** The allowed size with a ratio and an area close to the wanted ones, of which the ratio counts most; the standard one if the limits allow none. */
    public ImageSize nearest(ImageSize wanted) {
        return candidates(wanted)
                .min(Comparator.comparingDouble(size -> distance(size, wanted)))
                .orElse(standard);
    }

    /** The limits as a part of a sentence. */
    public String description() {
        if (!only.isEmpty()) {
            return only.stream().map(ImageSize::toString).collect(Collectors.joining(", "));
        }
        var limits = new ArrayList<String>();
        limits.add("sides of %d to %d pixels, multiples of %d".formatted(min, max, multipleOf));
        if (maxRatio != null) {
            limits.add("ratios from 1:%1$s to %1$s:1".formatted(plain(maxRatio)));
        }
        if (minPixels != null) {
            limits.add("at least %d pixels in all".formatted(minPixels));
        }
        if (maxPixels != null) {
            limits.add("at most %d pixels in all".formatted(maxPixels));
        }
        return String.join(", ", limits);
    }

    /** The best sizes of each width: that with the wanted height, and that with the wanted ratio, or the nearest ones. */
    private Stream<ImageSize> candidates(ImageSize wanted) {
        if (!only.isEmpty()) {
            return only.stream();
        }
        return IntStream.iterate(roundedUp(min), width -> width <= max, width -> width + multipleOf)
                .boxed()
                .flatMap(width -> Stream.of((double) wanted.height(), (double) width * wanted.height() / wanted.width())
                        .flatMap(height -> heights(width).nearest(height).stream())
                        .map(height -> new ImageSize(width, height)));
    }

    /** The heights that the limits allow beside a width. */
    private Heights heights(int width) {
        double low = min;
        double high = max;
        if (maxRatio != null) {
            low = Math.max(low, width / maxRatio);
            high = Math.min(high, width * maxRatio);
        }
        if (minPixels != null) {
            low = Math.max(low, (double) minPixels / width);
        }
        if (maxPixels != null) {
            high = Math.min(high, (double) maxPixels / width);
        }
        return new Heights(roundedUp(low), (int) high / multipleOf * multipleOf, multipleOf);
    }

    private static double distance(ImageSize size, ImageSize wanted) {
        double byWidth = Math.log((double) size.width() / wanted.width());
        double byHeight = Math.log((double) size.height() / wanted.height());
        return RATIO_WEIGHT * Math.abs(byWidth - byHeight) + Math.abs(byWidth + byHeight);
    }

    private boolean allow(int side) {
        return side >= min && side <= max && side % multipleOf == 0;
    }

    private int rounded(double side) {
        long rounded = Math.round(side / multipleOf) * multipleOf;
        return (int) Math.min(max, Math.max(min, rounded));
    }

    private int roundedUp(double side) {
        return (int) Math.ceil(side / multipleOf) * multipleOf;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /**
     * The multiples of a number in a range.
     *
     * @param low the lowest, a multiple
     * @param high the highest, a multiple; below {@code low} if there is none
     */
    private record Heights(int low, int high, int multipleOf) {

        boolean allow(int height) {
            return height >= low && height <= high && height % multipleOf == 0;
        }

        Optional<Integer> nearest(double height) {
            long rounded = Math.round(height / multipleOf) * multipleOf;
            return low > high ? Optional.empty() : Optional.of((int) Math.max(low, Math.min(high, rounded)));
        }
    }
}
