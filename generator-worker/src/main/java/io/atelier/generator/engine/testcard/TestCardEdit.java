package io.atelier.generator.engine.testcard;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.raster.EightBitImages;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws a test card over the first source image where the mask lets it change, as strongly as the request says. Further source images are shown small along
 * the upper edge, so that a person sees that they arrived. Sizes are matched by the nearest pixel. Immutable.
 */
final class TestCardEdit {

    private static final long MAX_PIXELS = 1L << 26;
    private static final double STANDARD_STRENGTH = 0.5;
    private static final int OPAQUE = 255;

    /** The side of a small image, as a part of the card's width. */
    private static final int SMALL = 17;

    private final List<BufferedImage> sources;
    private final @Nullable EditMask mask;
    private final double strength;

    private TestCardEdit(List<BufferedImage> sources, @Nullable EditMask mask, double strength) {
        this.sources = List.copyOf(sources);
        this.mask = mask;
        this.strength = strength;
    }

    /**
     * An edit of these sources.
     *
     * @param strength how much of the card is seen, from 0 to 1; null for half
     * @throws GenerationFailed if a source cannot be decoded
     */
    static TestCardEdit of(SourceImages sources, @Nullable Double strength) {
        var decoder = new ImageFileDecoder(DecodingBudget.ofProcess(), MAX_PIXELS);
        var decoded = new ArrayList<BufferedImage>();
        for (var source : sources.images()) {
            decoded.add(decode(decoder, source));
        }
        return new TestCardEdit(decoded, sources.mask(), strength == null ? STANDARD_STRENGTH : strength);
    }

    private static BufferedImage decode(ImageFileDecoder decoder, SourceImage source) {
        try {
            return EightBitImages.of(decoder.decode(source.bytes()).raster());
        } catch (ImageDecodingException e) {
            throw new GenerationFailed(new Failure(
                    Failure.Code.SOURCE_UNAVAILABLE, "A source image cannot be read: %s.".formatted(e.getMessage())));
        }
    }

    /** The first source image. */
    BufferedImage first() {
        return sources.get(0);
    }

    /** The card over the source images; the card itself is not changed. */
    BufferedImage under(BufferedImage card) {
        var result = new BufferedImage(card.getWidth(), card.getHeight(), BufferedImage.TYPE_INT_RGB);
        var first = sources.get(0);
        for (int y = 0; y < result.getHeight(); y++) {
            for (int x = 0; x < result.getWidth(); x++) {
                int below = nearest(first, x, y, result);
                result.setRGB(x, y, mixed(below, card.getRGB(x, y), weight(x, y, result)));
            }
        }
        int side = Math.max(1, result.getWidth() / SMALL);
        for (int i = 1; i < sources.size(); i++) {
            drawSmall(sources.get(i), (i - 1) * side, side, result);
        }
        return result;
    }

    private double weight(int x, int y, BufferedImage result) {
        if (mask == null) {
            return strength;
        }
        int atX = (int) ((long) x * mask.width() / result.getWidth());
        int atY = (int) ((long) y * mask.height() / result.getHeight());
        return strength * mask.change(atX, atY) / OPAQUE;
    }

    private static void drawSmall(BufferedImage source, int left, int side, BufferedImage result) {
        for (int y = 0; y < Math.min(side, result.getHeight()); y++) {
            for (int x = 0; x < side && left + x < result.getWidth(); x++) {
                int atX = (int) ((long) x * source.getWidth() / side);
                int atY = (int) ((long) y * source.getHeight() / side);
                result.setRGB(left + x, y, source.getRGB(atX, atY));
            }
        }
    }

    private static int nearest(BufferedImage source, int x, int y, BufferedImage result) {
        int atX = (int) ((long) x * source.getWidth() / result.getWidth());
        int atY = (int) ((long) y * source.getHeight() / result.getHeight());
        return source.getRGB(atX, atY);
    }

    private static int mixed(int below, int above, double weight) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = (below >> shift) & 0xFF;
            int to = (above >> shift) & 0xFF;
            rgb |= (int) Math.round(from + (to - from) * weight) << shift;
        }
        return rgb;
    }
}
