package io.atelier.gateway.files.format;

import io.atelier.image.exif.ExifOrientation;
import java.nio.charset.StandardCharsets;

/** Cleans GIF files: comments, texts and the data of applications are dropped, except for the loops of animations and ICC profiles. */
final class GifFile {

    static final byte[] SIGNATURE = ascii("GIF8");

    private static final byte[] VERSION_87 = ascii("GIF87a");
    private static final byte[] VERSION_89 = ascii("GIF89a");
    private static final byte[] NETSCAPE = ascii("NETSCAPE2.0");
    private static final byte[] ANIMATION = ascii("ANIMEXTS1.0");
    private static final byte[] ICC = ascii("ICCRGBG1012");

    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int APPLICATION = 0xFF;
    private static final int IMAGE = 0x2C;
    private static final int IMAGE_HEADER = 10;
    private static final int TRAILER = 0x3B;

    private GifFile() {}

    static CleanImageFile clean(FileBytes input) throws ImageFileRefused {
        if (!input.startsWith(0, VERSION_87) && !input.startsWith(0, VERSION_89)) {
            throw new ImageFileRefused("is damaged: it has an unknown version of GIF.");
        }
        var output = new FileOutput(input.length());
        long at = (long) HEADER + colours(input.octet(10));
        input.copyTo(output, 0, at);
        boolean hasImage = false;
        int block = input.octet(at);
        while (block != TRAILER) {
            long end;
            boolean isKept;
            if (block == EXTENSION) {
                end = afterBlocks(input, at + 2);
                isKept = isKept(input, (int) at);
            } else if (block == IMAGE) {
                // After the colours comes the size of the first code.
                end = afterBlocks(input, at + IMAGE_HEADER + colours(input.octet(at + 9)) + 1);
                isKept = true;
                hasImage = true;
            } else {
                throw new ImageFileRefused("is damaged: it has an unknown block.");
            }
            if (isKept) {
                input.copyTo(output, at, end - at);
            }
            at = end;
            block = input.octet(at);
        }
        if (!hasImage) {
            throw new ImageFileRefused("is damaged: it has no pixels.");
        }
        output.writeOctet(TRAILER);
        return CleanImageFile.of(
                CleanImageFile.GIF,
                input.littleEndian(6, 2),
                input.littleEndian(8, 2),
                ExifOrientation.UPRIGHT,
                output);
    }

    private static boolean isKept(FileBytes input, int at) throws ImageFileRefused {
        int label = input.octet(at + 1L);
        int name = at + 3;
        return label == GRAPHIC_CONTROL
                || (label == APPLICATION
                        && (input.startsWith(name, NETSCAPE)
                                || input.startsWith(name, ANIMATION)
                                || input.startsWith(name, ICC)));
    }

    /** The length of the table of colours that these flags announce. */
    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static long afterBlocks(FileBytes input, long first) throws ImageFileRefused {
        long at = first;
        int length = input.octet(at);
        while (length > 0) {
            at += 1L + length;
            length = input.octet(at);
        }
        return at + 1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
