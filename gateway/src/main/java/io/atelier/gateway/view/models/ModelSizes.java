package io.atelier.gateway.view.models;

import io.atelier.contract.image.ImageSize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * The sizes a model can draw.
 *
 * @param min the shortest side, in pixels
 * @param max the longest side, in pixels
 * @param multipleOf what both sides are a multiple of
 * @param standard the size if the client names none; shapes named by their aspect ratio have about as many pixels
 */
public record ModelSizes(
        @Min(8) int min,
        @Max(4096) int max,
        @Min(1) int multipleOf,
        @NotNull ImageSize standard) {

    public boolean allow(ImageSize size) {
        return allow(size.width()) && allow(size.height());
    }

    /** The size of about as many pixels as the standard one whose sides are in the given ratio, as far as the limits let it. */
    public ImageSize ofRatio(double widthToHeight) {
        double area = standard.pixels();
        return new ImageSize(nearest(Math.sqrt(area * widthToHeight)), nearest(Math.sqrt(area / widthToHeight)));
    }

    /** The limits in words. */
    public String inWords() {
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
