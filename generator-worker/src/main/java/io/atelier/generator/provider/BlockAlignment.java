package io.atelier.generator.provider;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.GeneratedImage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** For servers whose models draw in blocks of 8 x 8 pixels: the size to ask for, and the picture cut to the size that was wanted. */
public final class BlockAlignment {

    private static final int SIDE = 8;

    private BlockAlignment() {}

    /** The smallest size of whole blocks that covers the other. */
    public static ImageSize covering(ImageSize wanted) {
        return new ImageSize(wholeBlocks(wanted.width()), wholeBlocks(wanted.height()));
    }

    /**
     * The picture in the size that was wanted, cut from its middle. One that lacks more than a part of a block stays as it is, with a warning.
     *
     * @param warnings what else there is to tell of it
     */
    public static GeneratedImage image(BufferedImage drawn, ImageSize wanted, long seed, List<String> warnings) {
        int right = drawn.getWidth() - wanted.width();
        int below = drawn.getHeight() - wanted.height();
        boolean covers = right >= 0 && below >= 0 && right < SIDE && below < SIDE;
        var pixels = covers ? cut(drawn, right, below, wanted) : drawn;
        var all = new ArrayList<>(warnings);
        if (!covers) {
            all.add("The server drew %d x %d pixels instead of %d x %d."
                    .formatted(drawn.getWidth(), drawn.getHeight(), wanted.width(), wanted.height()));
        }
        return new GeneratedImage(
                pixels, seed, all.isEmpty() ? Map.of() : Map.of(GeneratedImage.WARNING, String.join(" ", all)));
    }

    private static BufferedImage cut(BufferedImage drawn, int right, int below, ImageSize wanted) {
        return right == 0 && below == 0
                ? drawn
                : drawn.getSubimage(right / 2, below / 2, wanted.width(), wanted.height());
    }

    private static int wholeBlocks(int side) {
        return (side + SIDE - 1) / SIDE * SIDE;
    }
}
