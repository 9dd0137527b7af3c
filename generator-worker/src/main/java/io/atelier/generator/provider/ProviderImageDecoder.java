package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.decode.ImageFileFormat;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;

/** Decodes the image files of providers and clients. A file that cannot be decoded is a failure of who sent it; a lack of memory is our own. */
public final class ProviderImageDecoder {

    private static final String REMEDY =
            "Send the job again later, ask for a smaller image, or give the worker more memory.";

    private ProviderImageDecoder() {}

    /**
     * Decodes a PNG, JPEG, WebP or GIF file. The format is taken from the bytes, not from the media type that the server sent.
     *
     * @param maxPixels width times height of the largest image that is decoded: a small file can expand to more than the memory holds
     * @param otherwise the failure to throw for a bad file; the reason is added to its message
     * @throws GenerationFailed if the bytes are not such a file, the image is too large, or this process has too little memory at the moment
     */
    public static PngImage decode(byte[] bytes, long maxPixels, DecodingBudget budget, Failure otherwise) {
        try {
            return new ImageFileDecoder(budget, maxPixels).decode(bytes);
        } catch (ImageDecodingException e) {
            throw e.reason().isMemory() ? noMemory(e) : failed(otherwise, e);
        }
    }

    /**
     * The file with its media type, after a test that it can be decoded. It becomes a PNG if it is of a kind that not all servers know, or if it is
     * turned, which not all servers notice.
     *
     * @param maxPixels width times height of the largest image that is decoded
     * @param otherwise the failure to throw for a bad file; the reason is added to its message
     * @throws GenerationFailed if the bytes are not such a file, the image is too large, or this process has too little memory at the moment
     */
    public static SourceImage file(byte[] bytes, long maxPixels, DecodingBudget budget, Failure otherwise) {
        var image = decode(bytes, maxPixels, budget, otherwise);
        var mediaType = ImageFileFormat.of(bytes)
                .filter(format -> format != ImageFileFormat.GIF && ImageFileDecoder.isUpright(bytes))
                .map(ImageFileFormat::mediaType);
        return mediaType.isPresent()
                ? new SourceImage(bytes, mediaType.get(), image.width(), image.height())
                : new SourceImage(
                        new PngWriter().write(image, PngTextChunks.NONE),
                        ImageFileFormat.PNG.mediaType(),
                        image.width(),
                        image.height());
    }

    /** The failure for a lack of memory of this process: no circuit breaker counts it, and the lifecycle tries again. */
    static GenerationFailed noMemory(ImageDecodingException cause) {
        var message = "This worker has too little memory for the image that it received: %s. " + REMEDY;
        return new GenerationFailed(new Failure(Code.OUT_OF_MEMORY, message.formatted(cause.getMessage())), cause);
    }

    /** The failure for an error of the JVM, which is not the provider's fault either. */
    static GenerationFailed ownFault(Error cause) {
        var failure = cause instanceof OutOfMemoryError
                ? new Failure(Code.OUT_OF_MEMORY, "This worker ran out of memory. " + REMEDY)
                : new Failure(Code.ENGINE_ERROR, "This worker failed unexpectedly. Its log has the cause.");
        return new GenerationFailed(failure, cause);
    }

    private static GenerationFailed failed(Failure otherwise, ImageDecodingException cause) {
        return new GenerationFailed(
                otherwise.withMessage("%s: %s.".formatted(otherwise.message(), cause.getMessage())), cause);
    }
}
