package io.atelier.generator.provider;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.png.PngImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sizes and crops images for servers whose models generate in blocks of 8 x 8 pixels. */
public final class BlockAlignment {

    private static final int SIDE = 8;

    private BlockAlignment() {}

    /** The smallest size in whole blocks that is at least as wide and as high as the requested one. */
    public static ImageSize covering(ImageSize requested) {
        return new ImageSize(wholeBlocks(requested.width()), wholeBlocks(requested.height()));
    }

    /**
     * The image in the requested size, cropped from its center. An image that is smaller than requested, or larger by a whole block or more,
     * is kept as it is and gets a warning.
     *
     * @param warnings further warnings about the image
     * @throws GenerationFailed if this process has too little memory to crop the image
     */
    public static GeneratedImage crop(PngImage generated, ImageSize requested, long seed, List<String> warnings) {
        int extraWidth = generated.width() - requested.width();
        int extraHeight = generated.height() - requested.height();
        boolean covers = extraWidth >= 0 && extraHeight >= 0 && extraWidth < SIDE && extraHeight < SIDE;
        var pixels = covers ? crop(generated, extraWidth, extraHeight, requested) : generated;
        var all = new ArrayList<>(warnings);
        if (!covers) {
            all.add("The server generated %d x %d pixels instead of %d x %d."
                    .formatted(generated.width(), generated.height(), requested.width(), requested.height()));
        }
        return new GeneratedImage(
                pixels, seed, all.isEmpty() ? Map.of() : Map.of(GeneratedImage.WARNING, String.join(" ", all)));
    }

    private static PngImage crop(PngImage generated, int extraWidth, int extraHeight, ImageSize requested) {
        if (extraWidth == 0 && extraHeight == 0) {
            return generated;
        }
        // The samples, and their rest compressed.
        long memory = 2 * generated.header().sampleBytes();
        try {
            return DecodingBudget.ofProcess()
                    .reserving(
                            memory,
                            () -> generated
                                    .raster()
                                    .image(extraWidth / 2, extraHeight / 2, requested.width(), requested.height())
                                    .withWarnings(generated.warnings())
                                    .madeFrom(generated));
        } catch (ImageDecodingException e) {
            throw ProviderImageDecoder.noMemory(e);
        }
    }

    private static int wholeBlocks(int side) {
        return (side + SIDE - 1) / SIDE * SIDE;
    }
}
