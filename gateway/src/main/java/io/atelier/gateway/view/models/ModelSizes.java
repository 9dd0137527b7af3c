package io.atelier.gateway.view.models;

import io.atelier.contract.image.ImageSize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * The image sizes that a model can generate.
 *
 * @param min the shortest side, in pixels
 * @param max the longest side, in pixels
 * @param multipleOf the number of which both sides are a multiple
 * @param standard the size if the request names none; sizes from an aspect ratio have about as many pixels
 */
public record ModelSizes(
        @Min(8) int min,
        @Max(4096) int max,
        @Min(1) int multipleOf,
        @NotNull ImageSize standard) {

    public boolean allow(ImageSize size) {
        return allow(size.width()) && allow(size.height());
    }

    /** The size with this aspect ratio and about as many pixels as the standard one, within the limits. */
    public ImageSize ofRatio(double widthToHeight) {
        double area = standard.pixels();
        return new ImageSize(nearest(Math.sqrt(area * widthToHeight)), nearest(Math.sqrt(area / widthToHeight)));
    }

    /** The limits as a part of a sentence. */
    public String description() {
        return "sides of %d to %d pixels, multiples of %d".formatted(min, max, multipleOf);
    }

    private boolean allow(int side) {
        return side >= min && side <= max && side % multipleOf == 0;
    }

    private int nearest(double side) {
        long rounded = Math.round(side / multipleOf) * multipleOf;
        return (int) Math.min(max, Math.max(min, rounded));
    }
}
