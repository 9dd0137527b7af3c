package io.atelier.contract.image;

/**
 * How images are delivered that a client wants as JPEG. Each lies in the store beside the PNG with all samples from which it was made; grids are
 * kept as PNG only.
 *
 * @param quality of the compression, from 0 for the smallest file to 100 for the best image
 */
public record JpegEncoding(int quality) {

    public JpegEncoding {
        if (quality < 0 || quality > 100) {
            throw new IllegalArgumentException("The quality of a JPEG is 0 to 100; got " + quality);
        }
    }
}
