package io.atelier.contract.image;

/** Width and height of an image in pixels, 1 to 16,384 each. */
public record ImageSize(int width, int height) {

    public ImageSize {
        if (width < 1 || height < 1 || width > 16_384 || height > 16_384) {
            throw new IllegalArgumentException("An image side is 1 to 16,384 pixels; got " + width + " x " + height);
        }
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
