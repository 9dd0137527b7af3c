package io.atelier.gateway.api.derivatives;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobFolder;
import io.atelier.gateway.api.derivatives.DerivativeForm.Format;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.jpeg.JpegWriter;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngHeader;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.raster.AreaScaler;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStore.ByteRange;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Makes derivatives from stored images, within the budget of memory for decoding. Blocks its thread. Thread-safe. */
final class DerivativeMaker {

    /** Of the JPEGs that clients ask for in place of an image; 90 and more is for those that are kept as the result. */
    private static final int QUALITY = 85;

    /** The signature of a PNG and its header, with length, name and checksum. */
    private static final int HEADER_BYTES = 33;

    private final ObjectStore store;
    private final DecodingBudget budget;
    private final PngWriter png = new PngWriter();
    private final JpegWriter jpeg = new JpegWriter();

    DerivativeMaker(ObjectStore store, DecodingBudget budget) {
        this.store = store;
        this.budget = budget;
    }

    /** A derivative that is not stored yet. */
    static final class Derivative {

        private final byte[] bytes;
        private final int width;
        private final int height;

        private Derivative(byte[] bytes, int width, int height) {
            this.bytes = bytes;
            this.width = width;
            this.height = height;
        }

        /** The bytes themselves, not a copy. */
        byte[] bytes() {
            return bytes;
        }

        int width() {
            return width;
        }

        int height() {
            return height;
        }
    }

    /**
     * Makes an image in another form, from the PNG with all its samples.
     *
     * @throws ObjectStoreFailed if the store cannot read the image
     * @throws ImageDecodingException if there is not enough memory within the timeout of the budget
     * @throws PngFormatException if the store has something else than the PNG that was stored
     */
    Derivative make(StoredImage image, int width, Format format) throws IOException {
        return make(image, header -> memory(header, width), (raster, mark) -> {
            var scaled = AreaScaler.scale(raster, width);
            var bytes = format == Format.JPEG
                    ? jpeg.write(scaled, raster.profile(), QUALITY, mark)
                    : png.write(withProfile(PngImage.of(scaled), raster), mark);
            return new Derivative(bytes, scaled.getWidth(), scaled.getHeight());
        });
    }

    /**
     * Makes the middle part of an image, with the same samples, from the PNG. Fails like {@link #make}.
     *
     * @param size on no side larger than the image
     */
    Derivative crop(StoredImage image, ImageSize size) throws IOException {
        return make(image, PngHeader::sampleBytes, (raster, mark) -> {
            int x = (raster.header().width() - size.width()) / 2;
            int y = (raster.header().height() - size.height()) / 2;
            var bytes = png.write(raster.image(x, y, size.width(), size.height()), mark);
            return new Derivative(bytes, size.width(), size.height());
        });
    }

    /** Makes something of the pixels of an image. */
    private interface Making {

        /** @param mark that the result must have */
        Derivative of(PngRaster raster, PngTextChunks mark);
    }

    /** @param memory for the making, in bytes, beside that for the image */
    private Derivative make(StoredImage image, ToLongFunction<PngHeader> memory, Making making) throws IOException {
        var original = new ObjectKey(JobFolder.png(image.key()));
        var header = PngImage.header(read(original, new ByteRange(0, HEADER_BYTES - 1), HEADER_BYTES));
        var stored = await(store.find(original))
                .orElseThrow(() ->
                        new ObjectStoreFailed(ObjectStoreFailed.Kind.NOT_FOUND, "The store has no object " + original));
        int length = Math.toIntExact(stored.bytes());
        long needed = length + header.readingBytes(length) + header.sampleBytes() + memory.applyAsLong(header);
        return budget.reserving(needed, () -> {
            var file = read(original, null, length);
            return making.of(upright(PngRaster.read(file), file), mark(PngFileMetadata.read(file), stored));
        });
    }

    /** Only a signed file may be turned: it was stored as it came, with the size that it has when it is shown. */
    private PngRaster upright(PngRaster raster, byte[] file) throws ImageDecodingException, PngFormatException {
        int orientation = ImageFileDecoder.orientation(file);
        return orientation == ImageFileDecoder.UPRIGHT
                ? raster
                : budget.reserving(2 * raster.header().sampleBytes(), () -> raster.oriented(orientation));
    }

    /** The mark of the image. A signed file says in its manifest how it was made, which a derivative cannot have. */
    private static PngTextChunks mark(PngFileMetadata file, StoredObject stored) {
        return file.source()
                .or(() -> Optional.ofNullable(stored.metadata().get(DigitalSourceType.METADATA_NAME))
                        .filter(term -> file.hasContentCredentials())
                        .flatMap(DigitalSourceType::ofTerm))
                .map(PngTextChunks.NONE::marked)
                .orElse(PngTextChunks.NONE);
    }

    private static PngImage withProfile(PngImage image, PngRaster raster) {
        return raster.profile().map(image::withProfile).orElse(image);
    }

    private static long memory(PngHeader header, int width) {
        int scaledWidth = Math.min(width, header.width());
        long pixels = (long) scaledWidth * AreaScaler.height(header.width(), header.height(), scaledWidth);
        return pixels * JpegWriter.BYTES_PER_PIXEL;
    }

    private byte[] read(ObjectKey key, @Nullable ByteRange range, int length) throws IOException {
        try (var content = await(store.open(key, range))) {
            return content.stream().readNBytes(length);
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
