package io.atelier.generator.engine.diffusion;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.diffusion.pipeline.InitialImage;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.raster.EightBitImages;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.function.DoubleToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The image that a run starts from, and its mask.
 *
 * @param image as the client sent it
 * @param mask null for the whole image
 */
record EditInput(BufferedImage image, @Nullable EditMask mask, PipelineDescription model) {

    private static final long MAX_PIXELS = 1L << 26;

    /** @throws GenerationFailed if there are several images, or the image cannot be decoded */
    static EditInput of(SourceImages sources, PipelineDescription model) {
        if (sources.size() != 1) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The model '%s' starts from one image; got %d. Send one image."
                            .formatted(model.name(), sources.size())));
        }
        var decoder = new ImageFileDecoder(DecodingBudget.ofProcess(), MAX_PIXELS);
        try {
            var decoded = decoder.decode(sources.images().get(0).bytes());
            return new EditInput(EightBitImages.of(decoded.raster()), sources.mask(), model);
        } catch (ImageDecodingException e) {
            throw new GenerationFailed(
                    new Failure(
                            Code.SOURCE_UNAVAILABLE, "The source image cannot be read: %s.".formatted(e.getMessage())),
                    e);
        }
    }

    /**
     * The size of the request; if that is left open, the shape of the image with about the pixels that are usual for the model.
     *
     * @param usual the size of an image whose request names none
     * @param maxPixels the most pixels for which there is memory
     */
    ImageSize size(GenerationRequest request, ImageSize usual, long maxPixels) {
        if (!request.leavesSizeOpen()) {
            return request.size();
        }
        double scale = Math.sqrt(usual.pixels() / ((double) image.getWidth() * image.getHeight()));
        var nearest = size(scale, Math::round);
        return nearest.pixels() <= maxPixels ? nearest : size(scale, side -> (long) side);
    }

    /** @param rounding makes a whole number of multiples of a side */
    private ImageSize size(double scale, DoubleToLongFunction rounding) {
        return new ImageSize(side(image.getWidth() * scale, rounding), side(image.getHeight() * scale, rounding));
    }

    private int side(double wanted, DoubleToLongFunction rounding) {
        int multiple = model.geometry().multiple();
        long nearest = Math.max(1L, rounding.applyAsLong(wanted / multiple)) * multiple;
        return (int) Math.min(nearest, (long) model.geometry().maxSide() / multiple * multiple);
    }

    InitialImage initialImage(ImageSize size, double strength) {
        var changed = mask == null ? null : EditMask.of(scaled(maskImage(mask), size));
        return new InitialImage(scaled(image, size), strength, changed);
    }

    /** White where the image changes. */
    private static BufferedImage maskImage(EditMask mask) {
        var image = new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                image.setRGB(x, y, mask.change(x, y) * 0x010101);
            }
        }
        return image;
    }

    private static BufferedImage scaled(BufferedImage image, ImageSize size) {
        if (image.getWidth() == size.width() && image.getHeight() == size.height()) {
            return image;
        }
        var result = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        var graphics = result.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, size.width(), size.height(), null);
        graphics.dispose();
        return result;
    }
}
