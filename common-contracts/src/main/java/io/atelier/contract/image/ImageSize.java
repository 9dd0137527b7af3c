package io.atelier.contract.image;

/** A size in pixels, each side 1 to 16,384. */
public record ImageSize(int width, int height) {

    public ImageSize {
        if (width < 1 || height < 1 || width > 16_384 || height > 16_384) {
            throw new IllegalArgumentException("An image side is 1 to 16,384 pixels; got " + width + " x " + height);
        }
    }

    public long pixels() {
        return (long) width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
