package io.atelier.image.png;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts the samples of a pixel to a colour of 8 bits per channel, with palette and transparency. Immutable. */
final class PixelColours {

    private final PngHeader header;
    private final byte @Nullable [] palette;
    private final byte @Nullable [] transparent;

    PixelColours(PngHeader header, List<PngChunk> chunks) {
        this.header = header;
        this.palette = body(chunks, "PLTE");
        this.transparent = body(chunks, "tRNS");
    }

    /** Whether a pixel may be transparent. */
    boolean hasAlpha() {
        return transparent != null
                || header.colourType() == ColourType.GREY_ALPHA
                || header.colourType() == ColourType.RGB_ALPHA;
    }

    /** The channels of {@link #readRow}: grey or red, green and blue, and alpha if there is any transparency. */
    int channels() {
        return (isGrey() ? 1 : 3) + (hasAlpha() ? 1 : 0);
    }

    boolean isGrey() {
        return header.colourType() == ColourType.GREY || header.colourType() == ColourType.GREY_ALPHA;
    }

    /** The colours of a row with 16 bits per channel, with palette and transparency; the channels of a pixel lie side by side. */
    void readRow(PngRaster raster, int y, int[] target) {
        int at = 0;
        int samples = header.colourType() == ColourType.PALETTE
                ? 0
                : header.colourType().channels();
        int scale = 65_535 / ((1 << header.bitDepth()) - 1);
        for (int x = 0; x < header.width(); x++) {
            if (samples == 0) {
                int argb = colour(raster.sample(x, y, 0));
                target[at++] = (argb >> 16 & 0xFF) * 257;
                target[at++] = (argb >> 8 & 0xFF) * 257;
                target[at++] = (argb & 0xFF) * 257;
                if (hasAlpha()) {
                    target[at++] = (argb >>> 24) * 257;
                }
                continue;
            }
            boolean isTransparent = transparent != null;
            for (int channel = 0; channel < samples; channel++) {
                int sample = raster.sample(x, y, channel);
                target[at++] = sample * scale;
                isTransparent = isTransparent && sample == transparentSample(channel);
            }
            if (transparent != null) {
                target[at++] = isTransparent ? 0 : 65_535;
            }
        }
    }

    /** Whether the samples are the channels of the colours: RGB of 8 bits, with alpha samples or without any transparency. */
    boolean areSamples() {
        return header.bitDepth() == 8
                && (header.colourType() == ColourType.RGB_ALPHA
                        || (header.colourType() == ColourType.RGB && transparent == null));
    }

    int argb(PngRaster raster, int x, int y) {
        int first = raster.sample(x, y, 0);
        return switch (header.colourType()) {
            case GREY -> grey(first, first == transparentSample(0) ? 0 : 255);
            case GREY_ALPHA -> grey(first, to8(raster.sample(x, y, 1)));
            case PALETTE -> colour(first);
            case RGB, RGB_ALPHA -> rgb(raster, x, y, first);
        };
    }

    private int rgb(PngRaster raster, int x, int y, int red) {
        int green = raster.sample(x, y, 1);
        int blue = raster.sample(x, y, 2);
        boolean isTransparent =
                red == transparentSample(0) && green == transparentSample(1) && blue == transparentSample(2);
        int alpha = header.colourType() == ColourType.RGB_ALPHA ? to8(raster.sample(x, y, 3)) : isTransparent ? 0 : 255;
        return alpha << 24 | to8(red) << 16 | to8(green) << 8 | to8(blue);
    }

    private int grey(int sample, int alpha) {
        return alpha << 24 | to8(sample) * 0x010101;
    }

    private int colour(int index) {
        if (palette == null) {
            return 0;
        }
        int alpha = transparent != null && index < transparent.length ? transparent[index] & 0xFF : 255;
        int at = 3 * index;
        return alpha << 24 | (palette[at] & 0xFF) << 16 | (palette[at + 1] & 0xFF) << 8 | (palette[at + 2] & 0xFF);
    }

    /** The sample of the only transparent colour; -1 if there is none. */
    private int transparentSample(int channel) {
        if (transparent == null) {
            return -1;
        }
        return ((transparent[2 * channel] & 0xFF) << 8) | (transparent[2 * channel + 1] & 0xFF);
    }

    private int to8(int sample) {
        int depth = header.bitDepth();
        return depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
    }

    private static byte @Nullable [] body(List<PngChunk> chunks, String type) {
        return chunks.stream()
                .filter(chunk -> chunk.type().equals(type))
                .findFirst()
                .map(PngChunk::body)
                .orElse(null);
    }
}
