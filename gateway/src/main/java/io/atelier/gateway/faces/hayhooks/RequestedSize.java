package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The size that a client asked for, if no model makes it: models make sides that are multiples of 8, so the image is made with the next larger ones, and
 * cropped. A label of the job keeps the size.
 */
final class RequestedSize {

    static final String LABEL = "hayhooks.size";

    private static final int SIDE_MULTIPLE = 8;
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{1,3})x([1-9]\\d{1,3})");

    private RequestedSize() {}

    /** The side of the image that is made. */
    static int made(int side) {
        return (side + SIDE_MULTIPLE - 1) / SIDE_MULTIPLE * SIDE_MULTIPLE;
    }

    /** The labels of a job for a size; none if images of this size are made. */
    static Map<String, String> labels(int width, int height) {
        return made(width) == width && made(height) == height
                ? Map.of()
                : Map.of(LABEL, new ImageSize(width, height).toString());
    }

    /**
     * The size to which an image must be cropped; empty if it stays as it is, also if a provider has made it in another size than was asked for.
     *
     * @param labels of its job
     */
    static Optional<ImageSize> crop(StoredImage image, Map<String, String> labels) {
        var size = SIZE.matcher(labels.getOrDefault(LABEL, ""));
        if (!size.matches()) {
            return Optional.empty();
        }
        int width = Integer.parseInt(size.group(1));
        int height = Integer.parseInt(size.group(2));
        return made(width) == image.width() && made(height) == image.height()
                ? Optional.of(new ImageSize(width, height))
                : Optional.empty();
    }
}
