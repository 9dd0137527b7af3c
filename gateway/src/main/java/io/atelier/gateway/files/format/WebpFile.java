package io.atelier.gateway.files.format;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.image.exif.ExifOrientation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Cleans WebP files: of the chunks, those with pixels, frames and ICC profiles are kept, the orientation of Exif, and the mark of generated images. */
final class WebpFile {

    static final byte[] RIFF = ascii("RIFF");
    static final byte[] SIGNATURE = ascii("WEBP");

    private static final int HEADER = 12;
    private static final String EXTENDED = "VP8X";
    private static final String LOSSY = "VP8 ";
    private static final String LOSSLESS = "VP8L";
    private static final String FRAME = "ANMF";
    private static final String EXIF = "EXIF";
    private static final String XMP = "XMP ";
    private static final Set<String> KEPT = Set.of(EXTENDED, LOSSY, LOSSLESS, FRAME, "ICCP", "ANIM", "ALPH");

    private static final int HAS_EXIF = 0x08;
    private static final int HAS_XMP = 0x04;

    private final FileBytes input;
    private final FileOutput output;
    private long width;
    private long height;
    private boolean hasPixels;
    private int flagsAt = -1;
    private int orientation = ExifOrientation.UPRIGHT;
    private Optional<DigitalSourceType> mark = Optional.empty();

    private WebpFile(FileBytes input) {
        this.input = input;
        this.output = new FileOutput(input.length() + 1);
    }

    static CleanImageFile clean(FileBytes input) throws ImageFileRefused {
        return new WebpFile(input).clean();
    }

    private CleanImageFile clean() throws ImageFileRefused {
        input.copyTo(output, 0, HEADER);
        long end = 8 + input.littleEndian(4, 4);
        input.require(0, end);
        long at = HEADER;
        while (at + 8 <= end) {
            var type = new String(input.copy(at, 4), StandardCharsets.US_ASCII);
            long length = input.littleEndian(at + 4, 4);
            input.require(at, 8 + length);
            chunk(type, at, length);
            at += 8 + length + (length & 1);
        }
        if (!hasPixels) {
            throw new ImageFileRefused("is damaged: it has no pixels.");
        }
        finish();
        return CleanImageFile.of(
                CleanImageFile.WEBP, width, height, flagsAt >= 0 ? orientation : ExifOrientation.UPRIGHT, output);
    }

    private void chunk(String type, long at, long length) throws ImageFileRefused {
        if (type.equals(EXIF)) {
            orientation = ExifOrientation.of(input.copy(at + 8, length));
        }
        if (type.equals(XMP) && mark.isEmpty()) {
            mark = SourceTypeMark.of(input.copy(at + 8, length));
        }
        if (!KEPT.contains(type)) {
            return;
        }
        switch (type) {
            case EXTENDED -> {
                if (at != HEADER) {
                    throw new ImageFileRefused("is damaged: its extended header is not at its beginning.");
                }
                flagsAt = output.length() + 8;
                size(1 + input.littleEndian(at + 12, 3), 1 + input.littleEndian(at + 15, 3));
            }
            case LOSSY -> {
                requireBytes(at + 11, new byte[] {(byte) 0x9D, 0x01, 0x2A});
                size(input.littleEndian(at + 14, 2) & 0x3FFF, input.littleEndian(at + 16, 2) & 0x3FFF);
                hasPixels = true;
            }
            case LOSSLESS -> {
                requireBytes(at + 8, new byte[] {0x2F});
                long sides = input.littleEndian(at + 9, 4);
                size(1 + (sides & 0x3FFF), 1 + ((sides >> 14) & 0x3FFF));
                hasPixels = true;
            }
            case FRAME -> hasPixels = true;
            default -> {}
        }
        input.copyTo(output, at, 8 + length);
        if ((length & 1) == 1) {
            output.writeOctet(0);
        }
    }

    /** The first size counts: that of the canvas, if there is one. */
    private void size(long canvasWidth, long canvasHeight) {
        if (width == 0) {
            width = canvasWidth;
            height = canvasHeight;
        }
    }

    /** Adds the orientation and the mark, and corrects what the header says of the chunks and of the length. */
    private void finish() throws ImageFileRefused {
        // Without the extended header a file has neither Exif data nor XMP.
        boolean isTurned = orientation != ExifOrientation.UPRIGHT && flagsAt >= 0;
        if (isTurned) {
            write(EXIF, ExifOrientation.only(orientation));
        }
        boolean isMarked = mark.isPresent() && flagsAt >= 0;
        if (isMarked) {
            write(XMP, SourceTypeMark.packet(mark.get()));
        }
        if (flagsAt >= 0) {
            // The extended header is the first chunk, and was copied to where it was.
            long flags = input.octet(HEADER + 8L) & ~(HAS_EXIF | HAS_XMP);
            output.replaceLittleEndian(flagsAt, flags | (isTurned ? HAS_EXIF : 0) | (isMarked ? HAS_XMP : 0), 1);
        }
        output.replaceLittleEndian(4, output.length() - 8L, 4);
    }

    private void write(String type, byte[] body) {
        output.write(ascii(type));
        output.writeLittleEndian(body.length, 4);
        output.write(body);
        if ((body.length & 1) == 1) {
            output.writeOctet(0);
        }
    }

    private void requireBytes(long at, byte[] expected) throws ImageFileRefused {
        if (!input.startsWith((int) at, expected)) {
            throw new ImageFileRefused("is damaged: its pixels do not begin as those of a WebP.");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
